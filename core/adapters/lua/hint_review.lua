-- Queues a job that reviews open alerts, unless one is waiting already.
-- ARGV: the instant in RQ's format.
local last = redis.call('GET', 'rung:last_review')
if last and redis.call('LPOS', 'rq:queue:escalate', 'review-' .. last) then
  return
end
local id = 'review-' .. redis.call('INCR', 'rung:last_review')
redis.call('HSET', 'rq:job:' .. id,
  'created_at', ARGV[1], 'enqueued_at', ARGV[1], 'origin', 'escalate', 'status', 'queued',
  'data', '["schedules.review.review",null,[],{}]', 'description', 'open alerts show which silence covers them',
  'timeout', '-1', 'result_ttl', '0', 'failure_ttl', '3600')
redis.call('SADD', 'rq:queues', 'rq:queue:escalate')
redis.call('RPUSH', 'rq:queue:escalate', id)
