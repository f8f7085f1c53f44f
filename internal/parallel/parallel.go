// Package parallel does work on many things on all cores.
package parallel

import (
	"runtime"
	"sync"
)

// Chunks calls do for stretches of the numbers from 0 up to n, at most size long and in any
// order, several at a time.
func Chunks(n, size int, do func(from, to int)) {
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for from := 0; from < n; from += size {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			do(from, min(from+size, n))
		})
	}
	group.Wait()
}
