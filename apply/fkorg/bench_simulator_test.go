package fkorg

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
)

// simulatorVariable is set in the process that is the benchmarks' simulator.
const simulatorVariable = "ORGIT_BENCH_SIMULATOR"

// startVariable names the command that starts the simulator's process, such as chrt -r 20: a service on another machine
// would not wait for the client's work.
const startVariable = "ORGIT_BENCH_SIMULATOR_START"

// simulatorTold is what the simulator's process says at the beginning.
type simulatorTold struct {
	Environment map[string]string
	Issuer      string
}

// simulatorCounts is what it says when it is asked.
type simulatorCounts struct{ Calls, Writes int }

// simulator is a stand-in in a process of its own, so that its work and its gigabytes of store are not the client's: only the
// machine's cores are shared.
type simulator struct {
	told simulatorTold
	ask  io.Writer
	says *json.Decoder
}

// startSimulator starts a secured stand-in for the benchmark; filled says that it holds the whole synthetic municipality.
func startSimulator(b *testing.B, filled bool) *simulator {
	b.Helper()
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	answers, says, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	state := "empty"
	if filled {
		state = "filled"
	}
	command := append(strings.Fields(os.Getenv(startVariable)), program, "-test.run", "^TestSimulatorProcess$", "-test.timeout", "0")
	process := exec.Command(command[0], command[1:]...)
	process.Env = append(os.Environ(), simulatorVariable+"="+state)
	process.ExtraFiles = []*os.File{says}
	process.Stdout, process.Stderr = os.Stderr, os.Stderr
	ask, err := process.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(process.Start(), says.Close()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(ask.Close(), process.Wait(), answers.Close()); err != nil {
			b.Errorf("the simulator's process: %v", err)
		}
	})
	s := &simulator{ask: ask, says: json.NewDecoder(answers)}
	if err := s.says.Decode(&s.told); err != nil {
		b.Fatalf("the simulator's process does not start: %v", err)
	}
	return s
}

// counts are the calls so far, and how many of them write.
func (s *simulator) counts(b *testing.B) simulatorCounts {
	b.Helper()
	var c simulatorCounts
	_, err := s.ask.Write([]byte("\n"))
	if err = errors.Join(err, s.says.Decode(&c)); err != nil {
		b.Fatalf("ask the simulator's process: %v", err)
	}
	return c
}

// TestSimulatorProcess is the simulator's process when a benchmark has started it, and no test otherwise.
func TestSimulatorProcess(t *testing.T) {
	state := os.Getenv(simulatorVariable)
	if state == "" {
		t.Skip("this is the simulator of the benchmarks, which start it themselves")
	}
	size := sizeFrom(t)
	srv, err := fkorgtest.Start(fkorgtest.Options{
		Clock: benchClock(time.Now()), CVR: korsbaekCVR, Latency: size.latency,
		Security: &fkorgtest.Security{Agreements: map[string]fkorgtest.Agreement{korsbaekCVR: {}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	env, err := srv.WriteFiles(t.TempDir(), "Korsbæk Kommune")
	if err != nil {
		t.Fatal(err)
	}
	if state == "filled" {
		fyld(t, srv, synthetic(t, size.units, size.people, 1), dagen)
	}
	// A service on another machine would not take cores from the client to look through its memory: this one does it now, and
	// hardly ever again.
	runtime.GC()
	debug.SetGCPercent(2500)
	says := json.NewEncoder(os.NewFile(3, "answers"))
	if err := says.Encode(simulatorTold{env, srv.Tokens().Issuer()}); err != nil {
		t.Fatal(err)
	}
	for asked := bufio.NewScanner(os.Stdin); asked.Scan(); {
		if err := says.Encode(simulatorCounts{srv.Calls(fkorgtest.Call{}), srv.Writes()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}
