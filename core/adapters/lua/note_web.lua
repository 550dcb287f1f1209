-- Notes that a web process is there. Whoever is silent was heard of by nobody while there was none: `since` says from
-- when on beats could be taken without a break. ARGV: now ('' = the server's own), how many seconds make a break.
local now = clock(ARGV[1])
local at = redis.call('HGET', 'rung:web', 'at')
if not at or now - at > tonumber(ARGV[2]) then
  redis.call('HSET', 'rung:web', 'since', now)
end
redis.call('HSET', 'rung:web', 'at', now)
