-- One tick of the scheduler: moves a batch of due jobs to their queues, atomically, and wakes the senders when a
-- retry has come due. Two schedulers may tick at once. What cannot be read is parked and blocks nobody.
-- ARGV: now ('' = the server's own), the instant in RQ's format, the largest batch, then the names of the queues.
-- Gives {moved, parked}.
local now = clock(ARGV[1])
local queues = {}
for i = 4, #ARGV do
  queues[ARGV[i]] = true
end

local function park(id, why)
  redis.call('HSET', 'rung:parked', id, why)
end

local due = redis.call('ZRANGEBYSCORE', 'rq:scheduler:scheduled_jobs', '-inf', now, 'LIMIT', 0, ARGV[3])
local moved, parked = 0, 0
for _, id in ipairs(due) do
  redis.call('ZREM', 'rq:scheduler:scheduled_jobs', id)
  local job = redis.pcall('HMGET', 'rq:job:' .. id, 'origin', 'data')
  if job.err then
    park(id, job.err)
    parked = parked + 1
  elseif job[1] and job[2] and queues[job[1]] then
    redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'enqueued_at', ARGV[2])
    redis.call('SADD', 'rq:queues', 'rq:queue:' .. job[1])
    redis.call('RPUSH', 'rq:queue:' .. job[1], id)
    moved = moved + 1
  elseif job[1] or job[2] then
    park(id, 'no queue of that name, or no data')
    parked = parked + 1
  end
end

for _, channel in ipairs(redis.call('SMEMBERS', 'rung:outboxes')) do
  if #redis.call('ZRANGEBYSCORE', 'rung:outbox:' .. channel, '-inf', now, 'LIMIT', 0, 1) > 0 then
    hint_notify(ARGV[2])
    break
  end
end
return {moved, parked}
