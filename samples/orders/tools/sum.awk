BEGIN { FS = "," }
{ cents += $2 * $3 }
END { printf "%d.%02d %s\n", int(cents / 100), cents % 100, ENVIRON["CURRENCY"] }
