-- Watches all that config names. ARGV: now ('' = the server's own), then name and patience of each.
-- Gives those that are watched and that config names no more.
local now = clock(ARGV[1])
local named = {}
for i = 2, #ARGV, 2 do
  local name, patience = ARGV[i], ARGV[i + 1]
  local since, before, missing = unpack(redis.call('HMGET', key_of(name), 'since', 'patience', 'missing'))
  named[name] = true
  if before ~= patience then
    since = since or now
    redis.call('HSET', key_of(name), 'since', since, 'patience', patience)
  end
  if not missing and (before ~= patience or not redis.call('ZSCORE', WATCHED, name)) then
    redis.call('ZADD', WATCHED, seconds(math.max(since, taken_since()) + patience), name)
  end
end
local gone = {}
for _, name in ipairs(redis.call('ZRANGE', WATCHED, 0, -1)) do
  if not named[name] then
    gone[#gone + 1] = name
  end
end
return gone
