"""The only modules that touch the world: Redis, RQ, rq-scheduler, Apprise, files and processes."""
