-- Puts the row of facts of one alert under each UTC day on which something of it counts, unless the alert was marked
-- again meanwhile: then what was read is old, and it is read again.
-- ARGV: where it is marked (rung:undigested, rung:changed), the alert, the mark that was read, the row or '' for none,
--   how many days, the days, then days it may not be under.
-- Gives 1 when it was written, 0 when it was marked again.
local marks, id = ARGV[1], ARGV[2]
if redis.call('ZSCORE', marks, id) ~= ARGV[3] then
  return 0
end
local days = tonumber(ARGV[5])
for i = 6, #ARGV do
  local key = 'rung:facts:' .. ARGV[i]
  if i <= 5 + days then
    redis.call('HSET', key, id, ARGV[4])
    redis.call('ZADD', 'rung:facts', 0, ARGV[i])
  else
    redis.call('HDEL', key, id)
  end
end
redis.call('ZREM', marks, id)
return 1
