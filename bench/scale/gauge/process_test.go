package gauge

import (
	"os"
	"testing"
	"time"
)

func TestWorkShowsInTheCPUTimeOfTheProcessThatDoesIt(t *testing.T) {
	before, err := CPUTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for i := 0; i < 20_000_000; i++ {
		sum += i ^ sum
	}
	after, err := CPUTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if after <= before {
		t.Errorf("CPU time went from %v to %v over some work (%d)", before, after, sum)
	}
}

func TestThePeakOfMemoryIsReadAndStartsAgain(t *testing.T) {
	if err := ResetPeak(os.Getpid()); err != nil {
		t.Skipf("clear_refs can't be written here: %v", err)
	}
	memory, err := ReadMemory(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if memory.Peak < memory.Now {
		t.Errorf("peak %d is under what is used now, %d", memory.Peak, memory.Now)
	}
}

func TestAStatusWithoutMemoryLinesIsAnError(t *testing.T) {
	if _, err := parseMemory("Name:\tx\nState:\tZ (zombie)\n"); err == nil {
		t.Error("want an error for a zombie's status")
	}
}

func TestBusyTimeLeavesOutIdleAndWaiting(t *testing.T) {
	busy, err := parseBusy("cpu  100 0 50 900000 70 5 5 0 0 0\ncpu0 1 1 1 1\n")
	if err != nil || busy != 1600*time.Millisecond {
		t.Errorf("busy %v, error %v; want 1.6s", busy, err)
	}
}
