/** The variable that every process of a step inherits, unless it clears its environment. */
export const STEP_VARIABLE = "SLIPWAY_STEP";

/** What the script is to do, by the environment, so that its argv is the same each time. */
export const STOP_VARIABLES = {
  /** The value of STEP_VARIABLE whose processes are to end. */
  step: "SLIPWAY_STOP",
  /** Between SIGTERM and SIGKILL, in hundredths of a second. */
  grace: "SLIPWAY_STOP_GRACE",
  /** For how long after SIGKILL it waits until none is left, in hundredths of a second. */
  patience: "SLIPWAY_STOP_PATIENCE",
  /** Sessions and process groups that were found earlier, with spaces between. */
  family: "SLIPWAY_STOP_FAMILY",
} as const;

/**
 * Ends all processes of a step: SIGTERM, then SIGKILL for those that are left, and for those that they start meanwhile.
 * The step's are those that carry its variable, those in the sessions and process groups of these (engines make each exec
 * the leader of a session), and the children of all of them. So what has cleared its environment is found as long as it
 * is in the family in one of the other ways. Zombies have ended.
 *
 * For any POSIX shell; beside builtins only `sleep`, and without that the caller waits. Numbers are read from
 * /proc/PID/stat after the last ")", since the program's name before it may hold anything (proc(5)). Whose environment
 * cannot be read, or who cannot be signalled, belongs to another user, who is named for the caller to ask as that one:
 * root in a container may signal others, but not read their environments.
 *
 * Writes lines: "family N N …", "others UID:GID …", "left N" (that could have been signalled), "denied N".
 */
const STOP_SCRIPT = `
exec 2>/dev/null
known=" $SLIPWAY_STOP_FAMILY "
checked=' ' members=' ' told=' ' asked=' '
others= own= me=$$

now() {
  read -r up rest < /proc/uptime || up=0.00
  now=\${up%.*}\${up#*.}
  case $now in 0?*) now=\${now#0} ;; esac
}

# Sets state, parent, group and session of the process $1.
look() {
  line=
  while read -r part || [ -n "$part" ]; do line="$line $part"; done < "/proc/$1/stat" || return 1
  set -- \${line##*)}
  state=$1 parent=$2 group=$3 session=$4
  [ -n "$session" ]
}

# The numbers of the user and group of the process $1.
owner() {
  uid= gid=
  while read -r key _ number rest; do
    case $key in Uid:) uid=$number ;; Gid:) gid=$number; break ;; esac
  done < "/proc/$1/status"
}

# Another user, to be asked, to whom the process $1 belongs.
other() {
  owner "$1"
  [ -n "$gid" ] && [ "$uid:$gid" != "$own" ] || return
  case $asked in *" $uid:$gid "*) ;; *) asked="$asked$uid:$gid " others="$others $uid:$gid" ;; esac
}

carries() {
  case $checked in *" $1 "*) return 1 ;; esac
  checked="$checked$1 "
  if ! { read -r part || [ -n "$part" ]; } < "/proc/$1/environ"; then
    other "$1"
    return 1
  fi
  while read -r part || [ -n "$part" ]; do
    case $part in *"SLIPWAY_STEP=$SLIPWAY_STOP"*) return 0 ;; esac
  done < "/proc/$1/environ"
  return 1
}

# Sets members to the processes of the step that are alive. The container's first one, and what that has started, are
# of no step, nor is this script.
search() {
  table= members=' '
  for folder in /proc/[0-9]*; do
    id=\${folder#/proc/}
    look "$id" || continue
    case $state:$id:$session in Z:*|X:*|*:1:*|*:1|*:$me:*|*:$mine) continue ;; esac
    table="$table $id:$parent:$group:$session"
  done
  again=1
  while [ "$again" = 1 ]; do
    again=0 rest=
    for entry in $table; do
      id=\${entry%%:*} entry=\${entry#*:}
      parent=\${entry%%:*} entry=\${entry#*:}
      group=\${entry%%:*} session=\${entry#*:}
      case "$members:$known" in
        *" $parent "*:*|*:*" $group "*|*:*" $session "*) ;;
        *) carries "$id" || { rest="$rest $id:$parent:$group:$session"; continue; } ;;
      esac
      again=1 members="$members$id "
      for number in $group $session; do
        case $known in *" $number "*) ;; *) [ "$number" -le 1 ] || known="$known$number " ;; esac
      done
    done
    table=$rest
  done
}

# Sends $1 to the members, $2 is those that have got it already. Counts those that may be signalled, and others.
signal() {
  left=0 denied=0
  for id in $members; do
    case $2 in *" $id "*) left=$((left + 1)); continue ;; esac
    if kill -s "$1" "$id"; then
      left=$((left + 1)) told="$told$id "
    elif [ -d "/proc/$id" ]; then
      denied=$((denied + 1))
      other "$id"
    fi
  done
}

look $$ && mine=$session
[ "\${mine:-0}" -gt 1 ] || mine=none
owner $$
own=$uid:$gid

now
end=$((now + SLIPWAY_STOP_GRACE))
search
signal TERM ' '
while [ $left -gt 0 ] && [ $now -lt $end ]; do
  sleep 0.04 || sleep 1 || break
  search
  signal TERM "$told"
  now
done
end=$((now + SLIPWAY_STOP_PATIENCE))
while [ $left -gt 0 ]; do
  signal KILL ' '
  sleep 0.02 || sleep 1
  search
  signal KILL ' '
  now
  [ $now -lt $end ] || break
done
echo "family$known"
echo "others$others"
echo "left $left"
echo "denied $denied"
`;

/** To be run in the container, as the user of what is to be stopped. */
export const STOP_COMMAND: readonly string[] = ["/bin/sh", "-c", STOP_SCRIPT];

export interface StopReport {
  /** For STOP_VARIABLES.family. */
  readonly family: string;
  /** Users to ask, "uid:gid" each. */
  readonly others: readonly string[];
  /** Processes that are still there. */
  readonly left: number;
}

/** @returns undefined for what the script did not write to its end. */
export function parseStopReport(text: string): StopReport | undefined {
  const [, family, others, left, denied] =
    /^family([\d ]*)\nothers([\d: ]*)\nleft (\d+)\ndenied (\d+)\n$/.exec(text) ?? [];
  if (family === undefined || others === undefined) {
    return undefined;
  }
  return {
    family: family.trim(),
    others: others.split(" ").filter((other) => other !== ""),
    left: Number(left) + Number(denied),
  };
}
