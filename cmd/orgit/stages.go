package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const timingsUsage = "say on stderr where the time went"

// stages follows a command through what it does: how long each stage takes, for --timings,
// and, on a terminal, which one is under way when the command takes more than a second. A
// nil *stages does nothing. It may be used by several goroutines.
type stages struct {
	now   clock
	begun time.Time
	out   io.Writer // stderr

	done chan struct{}

	mu    sync.Mutex
	all   map[string]*stage // by name
	open  []*stage          // those under way, the newest last
	shown bool              // a line stands on the terminal
}

// stage is something that a command does, once or more often.
type stage struct {
	name  string // of what is done for a target, with the target before it: "ad: read"
	at    int    // when it began first, among all
	times int
	took  time.Duration
}

// staged gives the environment in which a command's stages are followed. end has to be
// called when the command is through; with timings it says where the time went.
func (e environment) staged(timings bool) (with environment, end func()) {
	s := &stages{now: e.now, begun: e.now(), out: e.stderr, all: map[string]*stage{}, done: make(chan struct{})}
	with = e
	with.stages, with.stderr = s, s
	if e.stderrTerminal {
		go s.watch()
	}
	return with, func() {
		close(s.done)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.clear()
		if timings {
			s.print(e.stderr)
		}
	}
}

// Stage notes that a stage begins; end notes that it is through.
func (s *stages) Stage(name string) (end func()) {
	if s == nil {
		return func() {}
	}
	began := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	this := s.all[name]
	if this == nil {
		this = &stage{name: name, at: len(s.all)}
		s.all[name] = this
	}
	s.open = append(s.open, this)
	return func() {
		took := s.now().Sub(began)
		s.mu.Lock()
		defer s.mu.Unlock()
		this.times++
		this.took += took
		at := slices.Index(s.open, this)
		s.open = slices.Delete(s.open, at, at+1)
		if len(s.open) == 0 {
			s.clear()
		}
	}
}

// Write writes to stderr what else there is to say, not into the line that stands there.
func (s *stages) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	return s.out.Write(text)
}

// watch says again and again what is under way.
func (s *stages) watch() {
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-again.C:
			s.show()
		}
	}
}

// show writes the line that says what is under way, in a command that takes its time.
func (s *stages) show() {
	took := s.now().Sub(s.begun)
	s.mu.Lock()
	defer s.mu.Unlock()
	if took < time.Second || len(s.open) == 0 {
		return
	}
	s.shown = true
	fmt.Fprintf(s.out, "\r\x1b[K%s (%d s)", s.open[len(s.open)-1].name, int(took.Seconds()))
}

// clear takes the line away.
func (s *stages) clear() {
	if s.shown {
		fmt.Fprint(s.out, "\r\x1b[K")
		s.shown = false
	}
}

// print writes the table: what is done once for the command in the order in which it is
// done, then what is done for each target. Stages may lie within others and beside each
// other, so that they come to more than the whole.
func (s *stages) print(w io.Writer) {
	list := slices.SortedFunc(maps.Values(s.all), func(a, b *stage) int {
		target, other := targetOf(a.name), targetOf(b.name)
		if target == "" && other == "" {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Or(strings.Compare(target, other), strings.Compare(a.name, b.name)) // the targets are worked on side by side
	})
	width := len("the whole")
	for _, this := range list {
		width = max(width, utf8.RuneCountInString(this.name))
	}
	fmt.Fprintln(w, "\nWhere the time went:")
	for _, this := range list {
		times := ""
		if this.times != 1 {
			times = fmt.Sprintf("  %d times", this.times)
		}
		fmt.Fprintf(w, "  %-*s %9.3f s%s\n", width, this.name, this.took.Seconds(), times)
	}
	fmt.Fprintf(w, "  %-*s %9.3f s\n", width, "the whole", s.now().Sub(s.begun).Seconds())
}

// targetOf is the target for which a stage is done; empty when it is done for the command.
func targetOf(stage string) string {
	target, _, found := strings.Cut(stage, ": ")
	if !found {
		return ""
	}
	return target
}
