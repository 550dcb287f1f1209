-- Records what became of a report, as long as it is still ours.
-- ARGV: its name, our token, its state, when to look at it again, a field and its value, or ''.
-- Gives 1 when it was recorded, 0 when somebody else has taken it.
local record = 'rung:report:' .. ARGV[1]
if redis.call('HGET', record, 'token') ~= ARGV[2] then
  return 0
end
redis.call('HSET', record, 'state', ARGV[3], 'look_at', ARGV[4])
if ARGV[5] ~= '' then
  redis.call('HSET', record, ARGV[5], ARGV[6])
end
return 1
