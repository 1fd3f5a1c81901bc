# Each line is an article, how many of them, and the price of one in cents.
BEGIN { FS = "," }
NF != 3 || $2 !~ /^[0-9]+$/ || $3 !~ /^[0-9]+$/ {
  printf "line %d is no order: %s\n", NR, $0 > "/dev/stderr"
  wrong = 1
}
END {
  if (wrong) exit 1
  print NR " orders are in order"
}
