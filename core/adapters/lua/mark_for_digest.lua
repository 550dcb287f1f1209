-- Shared by the scripts that change an alert: its row of facts is to be written, or written again. Every mark has a
-- number of its own, so that whoever read the alert before can tell. What is over and what is open stands apart: the
-- one is written soon, the other now and then, since it changes all the time.
local function mark_for_digest(id, status)
  local from, to = 'rung:undigested', 'rung:changed'
  if status == 'resolved' then
    from, to = to, from
  end
  redis.call('ZREM', from, id)
  redis.call('ZADD', to, redis.call('INCR', 'rung:last_digest'), id)
end
