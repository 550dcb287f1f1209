-- Shared by the scripts that change what is over: its row of facts is to be written, or written again. Every mark has a
-- number of its own, so that whoever read the alert before can tell.
local function mark_for_digest(id)
  redis.call('ZADD', 'rung:undigested', redis.call('INCR', 'rung:last_digest'), id)
end
