package gauge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// CPUTime is the processor time of a process since it started, all its threads, user and system,
// to the nanosecond (/proc/PID/stat counts in hundredths of a second, too coarse for 40 tasks).
func CPUTime(pid int) (time.Duration, error) {
	// The kernel's number for "the CPU clock of process pid"; see clock_getcpuclockid(3).
	clock := int32(^pid)<<3 | 2
	var value unix.Timespec
	if err := unix.ClockGettime(clock, &value); err != nil {
		return 0, fmt.Errorf("CPU time of process %d: %w", pid, err)
	}
	return time.Duration(value.Nano()), nil
}

// ResetPeak makes the peak of a process's memory start again from what it uses now.
func ResetPeak(pid int) error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
}

// Memory is what a process uses, in bytes.
type Memory struct {
	Peak, Now int64
}

// ReadMemory gives the resident memory of a process now and its peak since ResetPeak.
func ReadMemory(pid int) (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Memory{}, err
	}
	return parseMemory(string(text))
}

func parseMemory(status string) (Memory, error) {
	var memory Memory
	for _, line := range strings.Split(status, "\n") {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[2] != "kB" {
			continue
		}
		kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return Memory{}, fmt.Errorf("status line %q: %w", line, err)
		}
		switch fields[0] {
		case "VmHWM:":
			memory.Peak = kilobytes * 1024
		case "VmRSS:":
			memory.Now = kilobytes * 1024
		}
	}
	if memory.Peak == 0 || memory.Now == 0 {
		return Memory{}, fmt.Errorf("no VmHWM and VmRSS in the process status")
	}
	return memory, nil
}

// Machine is the processor time spent on this machine since it started.
type Machine struct {
	At   time.Time
	Busy time.Duration            // all processes
	Ours time.Duration            // the processes of the cluster, the bench itself and the operator
	By   map[string]time.Duration // of these, by program
}

// ReadMachine adds up who used the processors. A process is of the cluster if its command line or
// its working folder mentions clusterFolder; more are named by pid.
func ReadMachine(clusterFolder string, pids ...int) (Machine, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Machine{}, err
	}
	busy, err := parseBusy(string(stat))
	if err != nil {
		return Machine{}, err
	}
	machine := Machine{At: time.Now(), Busy: busy, By: map[string]time.Duration{}}
	ours := append(clusterPids(clusterFolder), os.Getpid())
	ours = append(ours, pids...)
	slices.Sort(ours)
	for _, pid := range slices.Compact(ours) {
		if pid <= 0 { // none: the floor has no operator
			continue
		}
		if used, err := CPUTime(pid); err == nil { // one that ended meanwhile no longer matters
			machine.Ours += used
			machine.By[program(pid)] += used
		}
	}
	return machine, nil
}

// Others is how many cores were busy, between two readings, with what does not belong to the
// measurement. Where it is high the figures of that measurement deserve suspicion.
func (m Machine) Others(earlier Machine) float64 {
	seconds := m.At.Sub(earlier.At).Seconds()
	if seconds <= 0 {
		return 0
	}
	others := ((m.Busy - earlier.Busy) - (m.Ours - earlier.Ours)).Seconds() / seconds
	return max(0, others)
}

// Programs is the processor time of each program between two readings.
func (m Machine) Programs(earlier Machine) map[string]time.Duration {
	used := map[string]time.Duration{}
	for name, total := range m.By {
		if d := total - earlier.By[name]; d > 0 {
			used[name] = d
		}
	}
	return used
}

func program(pid int) string {
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return "ended"
	}
	return strings.TrimSuffix(filepath.Base(path), " (deleted)")
}

// parseBusy adds user, nice, system, irq and softirq of the first line; steal is others by nature.
func parseBusy(stat string) (time.Duration, error) {
	fields := strings.Fields(strings.SplitN(stat, "\n", 2)[0])
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, fmt.Errorf("unexpected first line of /proc/stat: %v", fields)
	}
	var ticks int64
	for _, at := range []int{1, 2, 3, 6, 7, 8} {
		n, err := strconv.ParseInt(fields[at], 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux that Go runs on
	return time.Duration(ticks) * tick, nil
}

func clusterPids(folder string) []int {
	if folder == "" {
		return nil
	}
	commandLines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var pids []int
	for _, path := range commandLines {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || pid == os.Getpid() {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if bytes.Contains(text, []byte(folder)) {
			pids = append(pids, pid)
		}
	}
	return pids
}
