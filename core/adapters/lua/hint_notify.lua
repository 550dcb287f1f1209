-- Shared by the scripts that fill the outbox: queues one job that empties it, unless one is waiting already.
-- A job that was popped by a worker that died is no loss: the next commit or tick queues another.
local function hint_notify(instant)
  if redis.call('LLEN', 'rq:queue:notify') > 0 then
    return
  end
  local id = 'notify-' .. redis.call('INCR', 'rung:last_notify')
  redis.call('HSET', 'rq:job:' .. id,
    'created_at', instant, 'enqueued_at', instant, 'origin', 'notify', 'status', 'queued',
    'data', '["schedules.notify.notify",null,[],{}]', 'description', 'send what is due in the outbox',
    'timeout', '-1', 'result_ttl', '0', 'failure_ttl', '3600')
  redis.call('SADD', 'rq:queues', 'rq:queue:notify')
  redis.call('RPUSH', 'rq:queue:notify', id)
end
