-- Counts open alerts, a batch at a time so that nobody waits for it.
-- ARGV: the last alert counted, how many to count.
-- Gives {the last alert counted or 0 at the end, open, unanswered, exhausted}.
local ids = redis.call('ZRANGEBYSCORE', 'rung:open', '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])
local unanswered, exhausted = 0, 0
for _, id in ipairs(ids) do
  local alert = redis.call('HMGET', 'rung:alert:' .. id, 's', 'd')
  if alert[1] == 'pending' or alert[1] == 'escalated' then
    unanswered = unanswered + 1
    if string.find(alert[2] or '', '"exhausted":true', 1, true) then
      exhausted = exhausted + 1
    end
  end
end
return {#ids == tonumber(ARGV[2]) and tonumber(ids[#ids]) or 0, #ids, unanswered, exhausted}
