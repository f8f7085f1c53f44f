// Command orgit keeps a municipality's organisation as CUE files in git and makes the
// approved state real in FK Organisation and Active Directory. Run `orgit help` for its
// commands, and `orgit demo` to see the whole line on a sample municipality.
//
// The package is wiring: each command is a file of its own, with its flags, an options
// struct and a run function. What commands share is in repository.go (reading the
// organisation), targets.go (connecting to systems) and exit.go (what ends with which
// code).
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"
)

func main() { os.Exit(Main()) }

// Main runs the command line of the process and returns its exit code.
func Main() int {
	// A command lives for seconds and reads much in them: collecting garbage less often
	// costs some memory and saves a quarter of its time.
	debug.SetGCPercent(400)
	ctx, stop := interruptible()
	defer stop()
	env := environment{
		stdin:          os.Stdin,
		stdout:         os.Stdout,
		stderr:         os.Stderr,
		getenv:         os.Getenv,
		now:            time.Now,
		cacheDir:       os.UserCacheDir,
		stdinTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		stdoutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		stderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	return execute(ctx, env.withGitLab(), os.Args[1:])
}

// interruptible is a context that ends with the first signal to stop. A second signal ends
// the process.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
