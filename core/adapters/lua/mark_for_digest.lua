-- Shared by the scripts that change an alert: its row of facts is to be written, or written again. A mark has a higher
-- number than every one before, so that whoever read the alert before can tell. What is over and what is open stands
-- apart: the one is written soon, the other now and then, since it changes all the time.
local mark
local function mark_for_digest(id, status, is_new)
  local from, to = 'rung:undigested', 'rung:changed'
  if status == 'resolved' then
    from, to = to, from
  end
  if not is_new then
    redis.call('ZREM', from, id)
  end
  mark = mark or redis.call('INCR', 'rung:last_digest')
  redis.call('ZADD', to, mark, id)
end
