package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"orgit.dk/orgit/internal/cpr/cprtest"
)

// numberSearch finds CPR numbers in texts, in every form in which one could be recognised: as ten digits, with something
// between, as a digest of those (SHA-1, SHA-2, MD5; in hexadecimal or as bytes), and in base64, wherever in a longer
// text it was.
type numberSearch struct {
	digits map[string]bool
	forms  map[int]map[string]bool // the other forms, by length
	begins [1 << 16]bool           // the two bytes with which one of them begins
}

func newNumberSearch() *numberSearch {
	return &numberSearch{digits: map[string]bool{}, forms: map[int]map[string]bool{}}
}

func (s *numberSearch) add(digits string) {
	s.digits[digits] = true
	for _, text := range []string{digits, digits[:6] + "-" + digits[6:]} {
		b := []byte(text)
		md, one, two, five := md5.Sum(b), sha1.Sum(b), sha256.Sum256(b), sha512.Sum512(b)
		for _, digest := range [][]byte{md[:], one[:], two[:], five[:]} {
			s.form(string(digest))
			s.form(hex.EncodeToString(digest))
			s.form(base64.StdEncoding.EncodeToString(digest)[:len(digest)*8/6])
		}
		for before := range 3 {
			s.form(inBase64(text, before))
		}
	}
}

// inBase64 is what of the base64 of a longer text is a number's alone, when so many bytes modulo 3 stand before it.
func inBase64(text string, before int) string {
	whole := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + text))
	return whole[(before*8+5)/6 : (before+len(text))*8/6]
}

func (s *numberSearch) form(text string) {
	if s.forms[len(text)] == nil {
		s.forms[len(text)] = map[string]bool{}
	}
	s.forms[len(text)][text] = true
	s.begins[int(text[0])<<8|int(text[1])] = true
}

var separators = strings.NewReplacer("-", "", " ", "", "\u00a0", "", "/", "")

// in reports whether a number is in a text, or in what it packs up.
func (s *numberSearch) in(text string) bool {
	for _, t := range []string{text, separators.Replace(text)} {
		run := 0
		for i := range len(t) {
			if t[i] < '0' || t[i] > '9' {
				run = 0
				continue
			}
			if run++; run >= 10 && s.digits[t[i-9:i+1]] {
				return true
			}
		}
	}
	low := inSmallLetters(text)
	for i := 0; i+1 < len(text); i++ {
		for _, t := range []string{text, low} {
			if !s.begins[int(t[i])<<8|int(t[i+1])] {
				continue
			}
			for length, forms := range s.forms {
				if i+length <= len(t) && forms[t[i:i+length]] {
					return true
				}
			}
		}
	}
	for _, part := range unpacked(text) {
		if s.in(part) {
			return true
		}
	}
	return false
}

// inSmallLetters changes A to Z alone: what is not text stays as it is.
func inSmallLetters(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// unpacked are the contents of what is compressed: spreadsheets are zip files.
func unpacked(text string) []string {
	var parts []string
	keep := func(r io.Reader, err error) {
		if err != nil {
			return
		}
		if content, err := io.ReadAll(r); err == nil {
			parts = append(parts, string(content))
		}
	}
	switch {
	case strings.HasPrefix(text, "\x1f\x8b"):
		keep(gzip.NewReader(strings.NewReader(text)))
	case strings.HasPrefix(text, "PK\x03\x04"):
		archive, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
		if err != nil {
			return nil
		}
		for _, f := range archive.File {
			keep(f.Open())
		}
	}
	return parts
}

// TestNumberSearch: the search that other tests rely on finds a number in each of its forms, and none where there is none.
func TestNumberSearch(t *testing.T) {
	s := newNumberSearch()
	s.add(cprtest.Invented(7))
	own, other := cprtest.Invented(7), cprtest.Invented(8)
	hyphened := own[:6] + "-" + own[6:]
	sha, md := sha256.Sum256([]byte(hyphened)), md5.Sum([]byte(own))
	var packed, archived bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte("nr. " + own))
	a := zip.NewWriter(&archived)
	f, errFile := a.Create("sheet.xml")
	if err != nil || errFile != nil || z.Close() != nil {
		t.Fatal(err, errFile)
	}
	if _, err := f.Write([]byte("<v>" + hyphened + "</v>")); err != nil || a.Close() != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"digits", "x" + own + "y", true},
		{"within more digits", "99" + own + "1", true},
		{"hyphen", "cpr: " + hyphened, true},
		{"blanks", own[:2] + " " + own[2:4] + " " + own[4:6] + " " + own[6:], true},
		{"digest", "id-" + hex.EncodeToString(sha[:]), true},
		{"digest in capitals", strings.ToUpper(hex.EncodeToString(md[:])), true},
		{"digest as bytes", "\x01\xff\xfe" + string(sha[:]), true},
		{"digest in base64", base64.StdEncoding.EncodeToString(md[:]), true},
		{"base64", base64.StdEncoding.EncodeToString([]byte(own)), true},
		{"base64 behind one byte", base64.StdEncoding.EncodeToString([]byte("a" + own + "zz")), true},
		{"base64 behind two bytes", base64.RawURLEncoding.EncodeToString([]byte("ab" + hyphened + "z")), true},
		{"gzip", packed.String(), true},
		{"spreadsheet", archived.String(), true},
		{"another number", other + base64.StdEncoding.EncodeToString([]byte(other)), false},
		{"the mask", "XXXXXX-XXXX", false},
		{"nothing", "", false},
	} {
		if got := s.in(test.text); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
