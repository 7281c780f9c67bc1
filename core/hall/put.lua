-- Keeps a phone's entry with the room's next number, unless a later turn of it is known.
-- KEYS: the entry, the last number, the order of all entries. ARGV: the entry as JSON, its turn, and for
-- how many seconds all of it is kept.
local known = redis.call("GET", KEYS[1])
if known and cjson.decode(known).turn > tonumber(ARGV[2]) then return end
local number = redis.call("INCR", KEYS[2])
redis.call("SET", KEYS[1], ARGV[1], "EX", ARGV[3])
redis.call("ZADD", KEYS[3], number, KEYS[1])
redis.call("EXPIRE", KEYS[2], ARGV[3])
redis.call("EXPIRE", KEYS[3], ARGV[3])
