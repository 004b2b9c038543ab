package gauge

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// Prefer puts the cluster's processes and this one, with what it starts, ahead of other programs on a machine that is
// not ours alone; the returned function takes that back. Needs root.
func Prefer(clusterFolder string) (restore func(), err error) {
	const ahead = -15
	pids := append(clusterPids(clusterFolder), os.Getpid())
	for _, pid := range pids {
		if err := setNice(pid, ahead); err != nil {
			return func() {}, fmt.Errorf("priority of process %d (root is needed): %w", pid, err)
		}
	}
	return func() {
		for _, pid := range pids {
			_ = setNice(pid, 0) // one that ended needs nothing
		}
	}, nil
}

// setNice changes all threads of a process and, as the kernel shares out time by sessions first, its session.
func setNice(pid, nice int) error {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil {
		return err
	}
	for _, path := range threads {
		thread, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			return err
		}
		if err := unix.Setpriority(unix.PRIO_PROCESS, thread, nice); err != nil && err != unix.ESRCH {
			return err
		}
	}
	err = os.WriteFile(fmt.Sprintf("/proc/%d/autogroup", pid), []byte(strconv.Itoa(nice)), 0)
	if os.IsNotExist(err) { // a kernel without groups by session
		return nil
	}
	return err
}
