"""What rung check says about a config, rule by rule."""
