package edit

import (
	"bytes"
	"fmt"
	"slices"

	"cuelang.org/go/cue/ast"
)

// remove takes the place's field out, with the comments that belong to it alone and the comma or line that it leaves.
func (p *place) remove() ([]splice, error) {
	if !p.whole() {
		return nil, nil
	}
	field, in, err := p.alone()
	if err != nil {
		return nil, err
	}
	from, to := offsets(field)
	if _, own := indentation(p.text, from); own && restIsComment(p.text, to) {
		start := lineStart(p.text, from)
		for _, group := range ast.Comments(field) {
			if group.Doc {
				start = min(start, lineStart(p.text, group.Pos().Offset()))
			}
		}
		return []splice{{start, min(lineEnd(p.text, to)+1, len(p.text)), ""}}, nil
	}
	if start, ok := p.joinable(in, from); ok && closes(p.text, to) {
		return []splice{{start, to, ""}}, nil
	}
	// On a line with others it takes its comma with it: the one behind, or the one before when it is the last.
	if rest := bytes.TrimLeft(p.text[to:], " \t"); bytes.HasPrefix(rest, []byte(",")) {
		after := len(p.text) - len(rest) + 1
		after += len(p.text[after:]) - len(bytes.TrimLeft(p.text[after:], " \t"))
		return []splice{{from, after, ""}}, nil
	}
	before := bytes.TrimRight(p.text[:from], " \t")
	if bytes.HasSuffix(before, []byte(",")) {
		from = len(before) - 1
	}
	return []splice{{from, to, ""}}, nil
}

// joinable gives the end of the line before one that begins with the field, where what follows the field can stand there: it
// holds no comment, and the field before ends on it.
func (p *place) joinable(in *ast.StructLit, from int) (int, bool) {
	if _, own := indentation(p.text, from); !own || lineStart(p.text, from) == 0 {
		return 0, false
	}
	end := lineStart(p.text, from) - 1
	for _, element := range in.Elts {
		if _, to := offsets(element); to < from && len(bytes.TrimLeft(p.text[to:end], " \t,\r")) == 0 {
			return to, true
		}
	}
	return 0, false
}

// closes reports whether the next thing on the line is the end of what the field stands in.
func closes(text []byte, at int) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text[at:], " \t"), []byte("}"))
}

// alone is the place's field and the struct that it stands in. Where several names stand before its value (on: "2027-01-01": …)
// it is the first of them that holds nothing else, but never the entry.
func (p *place) alone() (*ast.Field, *ast.StructLit, error) {
	field, depth := p.field, p.depth
	for _, in := range slices.Backward(p.of) {
		if in.lit.Lbrace.IsValid() {
			return field, in.lit, nil
		}
		if depth--; in.field == nil || depth < 3 {
			break
		}
		if _, only := in.field.Value.(*ast.StructLit); !only {
			break
		}
		field = in.field
	}
	return nil, nil, fmt.Errorf("%w: several names stand before one value", ErrNotPlain)
}
