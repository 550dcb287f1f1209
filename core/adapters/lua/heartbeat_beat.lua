-- Takes a beat. ARGV: now ('' = the server's own), name, patience in seconds, when to look again at one that is back.
-- Gives {now, 1 when an alert may be open that it ends}.
local now = clock(ARGV[1])
local name, key = ARGV[2], key_of(ARGV[2])
local missing, back = unpack(redis.call('HMGET', key, 'missing', 'back'))
redis.call('HSET', key, 'since', now, 'last', now, 'patience', ARGV[3])
if not missing then
  redis.call('ZADD', WATCHED, seconds(now + ARGV[3]), name)
elseif not back then
  redis.call('HSET', key, 'back', '1')
  redis.call('ZADD', WATCHED, seconds(now + ARGV[4]), name)
end
return {now, missing and 1 or 0}
