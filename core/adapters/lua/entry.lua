-- Shared by the scripts that read the ledger: gives an entry as a table, an empty one for a text that is damaged,
-- so that one of them does not hold up the others.
local function read_entry(raw)
  local fine, entry = pcall(cjson.decode, raw)
  return fine and type(entry) == 'table' and entry or {}
end
