package org

import (
	"bytes"
	"errors"
	"fmt"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"orgit.dk/orgit/schema"
)

// ErrNotEditable: an entry is written in a form that a program does not add to.
var ErrNotEditable = errors.New("the entry is not written out with braces, so it has to be edited by hand")

// SuspendIn adds to a file's text that a person is suspended from a day on, as an
// amendment, and keeps everything else byte for byte. name is only for messages. What
// stands in the result is CUE; whether it is a good organisation is for Load to say.
func SuspendIn(name string, text []byte, person string, day Day) ([]byte, error) {
	file, err := schema.Parse(name, text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	path := []string{"people", person, "on", string(day), "suspended"}
	for depth := len(path); depth >= 2; depth-- {
		place := schema.Locate(file.Decls, path[:depth])
		if place.Depth != depth {
			continue
		}
		if depth == len(path) {
			lit, ok := place.Value.(*ast.BasicLit)
			if !ok {
				return nil, fmt.Errorf("%s: %w", name, ErrNotEditable)
			}
			return replaced(text, lit.Pos().Offset(), lit.End().Offset(), "true"), nil
		}
		if s := braced(place.Value); s != nil {
			return inserted(text, s, amendment(path[depth:])), nil
		}
	}
	return nil, fmt.Errorf("%s: %w", name, ErrNotEditable)
}

// amendment is the rest of the path as one field: on: "2026-12-01": suspended: true
func amendment(rest []string) string {
	text := ""
	for _, field := range rest {
		if field == "on" || field == "suspended" {
			text += field + ": "
		} else {
			text += `"` + field + `": `
		}
	}
	return text + "true"
}

// braced is the struct of a value that is written out with braces, the last one of several
// that are put together.
func braced(value ast.Expr) *ast.StructLit {
	switch v := value.(type) {
	case *ast.StructLit:
		if v.Lbrace.IsValid() && v.Rbrace.IsValid() {
			return v
		}
	case *ast.ParenExpr:
		return braced(v.X)
	case *ast.BinaryExpr:
		if v.Op != token.AND {
			return nil
		}
		if s := braced(v.Y); s != nil {
			return s
		}
		return braced(v.X)
	}
	return nil
}

// inserted puts a field before the closing brace of a struct: on a line of its own where
// the brace has one.
func inserted(text []byte, s *ast.StructLit, field string) []byte {
	at := s.Rbrace.Offset()
	line := bytes.LastIndexByte(text[:at], '\n') + 1
	indent := text[line:at]
	if len(bytes.TrimSpace(indent)) == 0 && line > 0 {
		end := "\n"
		if bytes.HasSuffix(text[:line], []byte("\r\n")) {
			end = "\r\n"
		}
		return replaced(text, line, line, string(indent)+"\t"+field+end)
	}
	switch before := bytes.TrimRight(text[:at], " \t"); before[len(before)-1] {
	case '{', ',':
	default:
		field = ", " + field
		at = len(before)
	}
	return replaced(text, at, at, field)
}

func replaced(text []byte, from, to int, with string) []byte {
	return bytes.Join([][]byte{text[:from], text[to:]}, []byte(with))
}
