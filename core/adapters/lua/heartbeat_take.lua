-- Takes those that have to be looked at: each is ours until the lease ends, so two schedulers raise one alert.
-- ARGV: now ('' = the server's own), how many at most, the lease in seconds, for how many seconds the web may be quiet.
-- Gives {now, one {name, 'silent' or 'back', since, last or ''} for each that something is to be done about}.
local now = clock(ARGV[1])
local web_at = redis.call('HGET', 'rung:web', 'at')
local is_web_here = web_at and now - web_at <= tonumber(ARGV[4])
local taken = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', WATCHED, '-inf', now, 'LIMIT', 0, ARGV[2])) do
  local since, last, patience, missing, back =
    unpack(redis.call('HMGET', key_of(name), 'since', 'last', 'patience', 'missing', 'back'))
  local silent_at = since and math.max(since, taken_since()) + patience
  local again = now + ARGV[3]
  if not since then
    redis.call('ZREM', WATCHED, name)
  elseif back then
    taken[#taken + 1] = {name, 'back', since, last or ''}
  elseif missing or (is_web_here and silent_at <= tonumber(now)) then
    redis.call('HSET', key_of(name), 'missing', missing or seconds(silent_at))
    taken[#taken + 1] = {name, 'silent', since, last or ''}
  else
    again = math.max(silent_at, is_web_here and 0 or again)
  end
  if since then
    redis.call('ZADD', WATCHED, seconds(again), name)
  end
end
return {now, taken}
