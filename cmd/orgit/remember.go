package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"orgit.dk/orgit/internal/cache"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// cacheLimit is how much of a disk results may take: those of a municipality of fifty
// thousand people in which every file uses CUE.
const cacheLimit = 512 << 20

// cacheHelp is about the environment variable, for the help of commands that use a cache.
const cacheHelp = `What takes long is kept for the next run in the folder ORGIT_CACHE, or else in the
user's cache folder; it may be deleted at any time. ORGIT_CACHE=off keeps nothing.`

// openCache opens the results of earlier runs; nil where none are to be kept. Only commands
// that ask use it: what apply, merge and review do must not depend on a folder that another
// pipeline may have written to.
func (e environment) openCache() *cache.Cache {
	dir := cmp.Or(e.getenv("ORGIT_CACHE"), e.getenv("ORGIT_CACHE_DIR"))
	if dir == "" && e.cacheDir != nil {
		user, err := e.cacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(user, "orgit")
	}
	program, err := programIdentity()
	if dir == "" || dir == "off" || err != nil {
		return nil
	}
	return cache.New(cache.Options{Dir: filepath.Join(dir, "results"), Program: program, Limit: cacheLimit, Now: e.now})
}

// memoryIn is a cache as the memory of an evaluation.
func memoryIn(c *cache.Cache) schema.Memory {
	if c == nil {
		return nil
	}
	return c
}

// programIdentity tells two builds apart, also those that call themselves the same version.
func programIdentity() (string, error) {
	at, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(at)
	if err != nil {
		return "", err
	}
	built := ""
	if b, ok := debug.ReadBuildInfo(); ok {
		built = b.String()
	}
	return fmt.Sprintf("%s %d %d %s", version, info.Size(), info.ModTime().UnixNano(), built), nil
}

// rememberedTargets is withTargets, but for files of which it had nothing to say on that
// day in an earlier run. What the systems can hold follows from the files, the day and the
// program alone.
func rememberedTargets(env environment, known *cache.Cache, o *org.Organisation, today org.Day, findings []schema.Diagnostic) ([]schema.Diagnostic, error) {
	key, ok := verdictKey(o, today, findings)
	if !ok || known == nil {
		return withTargets(env.stages, o, today, findings)
	}
	if _, fine := known.Get(key); fine {
		return findings, nil
	}
	all, err := withTargets(env.stages, o, today, findings)
	if err == nil && len(all) == len(findings) {
		known.Put(key, nil)
	}
	return all, err
}

// verdictKey identifies files and a day; ok is false for files with errors, and for those in
// which something looks like a CPR number: not even a digest of one is kept.
func verdictKey(o *org.Organisation, today org.Day, findings []schema.Diagnostic) (key cache.Key, ok bool) {
	number := func(d schema.Diagnostic) bool { return d.Code == "cpr-number" }
	if o == nil || schema.HasErrors(findings) || slices.ContainsFunc(findings, number) {
		return key, false
	}
	files, ok := o.Digest()
	definitions, err := schema.Digest()
	if !ok || err != nil {
		return key, false
	}
	h := sha256.New()
	fmt.Fprintf(h, "values of everybody on %s with %s ", today, definitions)
	_ = binary.Write(h, binary.BigEndian, files)
	h.Sum(key[:0])
	return key, true
}
