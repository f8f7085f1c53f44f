package serverlock

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
)

var when = time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)

// servers gives the lock of one server as seen by several clones.
func servers(t *testing.T, n int) []*Server {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("skipped: a server on a disk needs the git program")
	}
	bare := filepath.Join(t.TempDir(), "server.git")
	if _, err := gogit.PlainInit(bare, true); err != nil {
		t.Fatal(err)
	}
	var list []*Server
	for range n {
		dir := t.TempDir()
		repo, err := gogit.PlainInit(dir, false)
		if err == nil {
			_, err = repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{"file://" + bare}})
		}
		if err != nil {
			t.Fatal(err)
		}
		opened, err := git.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &Server{Repository: opened, Author: git.Author{Name: "orgit", Email: "orgit@korsbaek.example"}, Now: func() time.Time { return when }})
	}
	return list
}

// TestRace: of many who take the lock at once one gets it, and everybody else is told who.
func TestRace(t *testing.T) {
	list := servers(t, 5)
	results := make([]error, len(list))
	held := make([]*Holder, len(list))
	var group sync.WaitGroup
	for i, s := range list {
		group.Go(func() {
			held[i], results[i] = s.Take(context.Background(), Holder{ID: string(rune('a' + i)), Owner: "lone", Host: "ci"})
		})
	}
	group.Wait()
	winner := -1
	for i, err := range results {
		if err == nil {
			if winner >= 0 {
				t.Fatal("two hold the lock")
			}
			winner = i
		}
	}
	if winner < 0 {
		t.Fatal("nobody holds the lock")
	}
	for i, err := range results {
		var other *HeldError
		if i != winner && (!errors.Is(err, apply.ErrLocked) || !errors.As(err, &other) || other.Holder.ID != held[winner].ID) {
			t.Errorf("one was told %v", err)
		}
	}
	if err := list[winner].Release(context.Background(), held[winner]); err != nil {
		t.Fatal(err)
	}
	if _, err := list[0].Read(context.Background()); !errors.Is(err, ErrFree) {
		t.Errorf("given back: %v", err)
	}
}

// TestBroken: a lock is broken by its id only; who held it learns that when it refreshes or gives it back, and takes nobody else's away.
func TestBroken(t *testing.T) {
	list := servers(t, 2)
	one, other := list[0], list[1]
	mine, err := one.Take(context.Background(), Holder{ID: "aaaaaaaa", Owner: "lone", Host: "ci"})
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Refresh(context.Background(), mine); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "bbbbbbbb"} {
		if h, err := other.Break(context.Background(), id); !errors.Is(err, ErrOther) || h.ID != mine.ID {
			t.Errorf("%q breaks it: %v", id, err)
		}
	}
	if _, err := other.Break(context.Background(), mine.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Break(context.Background(), mine.ID); !errors.Is(err, ErrFree) {
		t.Errorf("again: %v", err)
	}
	if err := one.Refresh(context.Background(), mine); !errors.Is(err, ErrLost) {
		t.Errorf("it is refreshed: %v", err)
	}
	if _, err := other.Take(context.Background(), Holder{ID: "cccccccc", Owner: "per", Host: "ci"}); err != nil {
		t.Fatal(err)
	}
	if err := one.Release(context.Background(), mine); !errors.Is(err, ErrLost) {
		t.Errorf("somebody else's is given back: %v", err)
	}
	if h, err := one.Read(context.Background()); err != nil || h.Owner != "per" {
		t.Errorf("held by %+v, %v", h, err)
	}
}

// TestSays: what stands in a lock may come from anybody, and is shown as one line.
func TestSays(t *testing.T) {
	h := Holder{ID: "aaaaaaaa", Owner: "lone", Host: "ci", Job: "https://gitlab.example/1", Since: when, Refreshed: when.Add(10 * time.Minute)}
	for now, want := range map[time.Time]string{
		when.Add(11 * time.Minute): "lock aaaaaaaa is held by lone on ci since 2026-12-01T05:00:00Z (11 min), job https://gitlab.example/1",
		when.Add(3 * time.Hour): "lock aaaaaaaa is held by lone on ci since 2026-12-01T05:00:00Z (3 hours), job https://gitlab.example/1" +
			"; it was refreshed last 2 hours ago, so that run was probably killed",
	} {
		if got := h.Says(now); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := shown("a\x1b[2Jb\nc" + strings.Repeat("x", 300)); strings.ContainsAny(got, "\x1b\n") || len(got) > 200 {
		t.Errorf("it is shown as %q", got)
	}
}
