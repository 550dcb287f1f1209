-- Drops what has been kept long enough: dedup keys of alerts that cannot be re-opened any more, and resolved alerts
-- with their timelines and ledgers.
-- ARGV: now ('' = the server's own), how much at most.
-- Gives how much that was.
local now = clock(ARGV[1])

local keys = redis.call('ZRANGEBYSCORE', 'rung:unkey', '-inf', now, 'LIMIT', 0, ARGV[2])
for _, key in ipairs(keys) do
  local digest, id = string.match(key, '^(.+):(%d+)$')
  if redis.call('HGET', 'rung:dedup', digest) == id then
    redis.call('HDEL', 'rung:dedup', digest)
  end
  redis.call('ZREM', 'rung:unkey', key)
end

local alerts = redis.call('ZRANGEBYSCORE', 'rung:expire', '-inf', now, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(alerts) do
  if redis.call('HGET', 'rung:alert:' .. id, 's') == 'resolved' then
    redis.call('DEL', 'rung:alert:' .. id, 'rung:timeline:' .. id, 'rung:ledger:' .. id,
      'rung:before:' .. id)
    redis.call('ZREM', 'rung:closed', id)
    redis.call('ZREM', 'rung:wake', id)
    redis.call('ZREM', 'rung:undigested', id)
  end
  redis.call('ZREM', 'rung:expire', id)
end
return #keys + #alerts
