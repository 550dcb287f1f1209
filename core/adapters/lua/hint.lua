-- Queues a job that empties the outbox, unless one is waiting already.
-- ARGV: the instant in RQ's format.
hint_notify(ARGV[1])
