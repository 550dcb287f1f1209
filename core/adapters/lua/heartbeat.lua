-- Shared by the scripts of heartbeats. Of each there is a hash `rung:heartbeat:<name>`:
--   since     its last beat, or the instant from which it is watched
--   last      its last beat, absent before the first
--   patience  after so many seconds without one it is missed
--   missing   since when it has been missed: an alert is raised, or about to be
--   back      there while a beat has come since then and it is not yet sure that no alert is open
-- `rung:heartbeats` says when to look at each again: inf for one that is missed, since only a beat changes that.
local WATCHED = 'rung:heartbeats'
local function seconds(instant)
  return string.format('%.6f', instant)
end
local function key_of(name)
  return 'rung:heartbeat:' .. name
end
-- Beats could not be taken before: nobody is silent for longer than this.
local function taken_since()
  return tonumber(redis.call('HGET', 'rung:web', 'since') or 0)
end
