-- Keeps the snapshot of an instant, unless there is one: two that count at once may not count the same.
-- ARGV: the instant in seconds since 1970, the snapshot.
-- Gives 1 when it was kept.
if redis.call('ZCOUNT', 'rung:snapshots', ARGV[1], ARGV[1]) > 0 then
  return 0
end
return redis.call('ZADD', 'rung:snapshots', ARGV[1], ARGV[2])
