package org

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// memoryFS is files in memory.
type memoryFS struct {
	files   map[string][]byte
	folders map[string][]fs.DirEntry // what lies in each folder, in order of name
}

func newMemoryFS(files map[string][]byte) *memoryFS {
	m := &memoryFS{files: files, folders: map[string][]fs.DirEntry{".": nil}}
	for _, name := range sortedKeys(files) {
		m.put(name, memoryInfo{path.Base(name), int64(len(files[name])), 0o444})
	}
	for _, entries := range m.folders {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return m
}

// put adds a file or folder to the folder that it lies in.
func (m *memoryFS) put(name string, info memoryInfo) {
	folder := path.Dir(name)
	if _, known := m.folders[folder]; !known {
		m.put(folder, memoryInfo{path.Base(folder), 0, fs.ModeDir | 0o555})
	}
	m.folders[folder] = append(m.folders[folder], fs.FileInfoToDirEntry(info))
}

// Open opens a file, or a folder that files lie in.
func (m *memoryFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if text, ok := m.files[name]; ok {
		return &memoryFile{memoryInfo{path.Base(name), int64(len(text)), 0o444}, bytes.NewReader(text)}, nil
	}
	entries, ok := m.folders[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryDir{info: memoryInfo{path.Base(name), 0, fs.ModeDir | 0o555}, rest: slices.Clone(entries)}, nil
}

// ReadFile gives a copy of a file's text.
func (m *memoryFS) ReadFile(name string) ([]byte, error) {
	text, ok := m.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return slices.Clone(text), nil
}

type memoryFile struct {
	memoryInfo
	*bytes.Reader
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f.memoryInfo, nil }
func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Size() int64                { return f.memoryInfo.size }

type memoryDir struct {
	info memoryInfo
	rest []fs.DirEntry
}

func (d *memoryDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *memoryDir) Close() error               { return nil }
func (d *memoryDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: fs.ErrInvalid}
}

func (d *memoryDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.rest) {
		n = len(d.rest)
	}
	list := d.rest[:n]
	d.rest = d.rest[n:]
	return list, nil
}

type memoryInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func (i memoryInfo) Name() string       { return i.name }
func (i memoryInfo) Size() int64        { return i.size }
func (i memoryInfo) Mode() fs.FileMode  { return i.mode }
func (i memoryInfo) ModTime() time.Time { return time.Time{} }
func (i memoryInfo) IsDir() bool        { return i.mode.IsDir() }
func (i memoryInfo) Sys() any           { return nil }
