package xmlscan

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// viaEncodingXML gives the tokens that encoding/xml finds, in the form that read gives ours.
//
// Where the two must differ, the specification is on our side:
//   - encoding/xml leaves white space in attribute values as it is written (XML 1.0, 3.3.3 makes it spaces), so the
//     comparison makes spaces of all of it, on both sides;
//   - it gives text on both sides of a comment or a CDATA section as two;
//   - it reads names by the fourth edition of XML 1.0, and so refuses some letters that the fifth allows.
func viaEncodingXML(in string) (string, error) {
	d, resolved := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(in, "\ufeff"))), xml.NewDecoder(strings.NewReader(strings.TrimPrefix(in, "\ufeff")))
	var b, text strings.Builder
	depth := 0
	flush := func() {
		if text.Len() > 0 && depth > 0 {
			fmt.Fprintf(&b, "text %q\n", text.String())
		}
		text.Reset()
	}
	for {
		raw, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		// The tokens of both decoders are the same but for their names, because RawToken gives ends of empty-element tags too.
		tok, err := resolved.Token()
		if err != nil {
			return "", err
		}
		switch t := raw.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			flush()
			depth++
			b.WriteString(startLine(t, tok.(xml.StartElement)))
		case xml.EndElement:
			flush()
			depth--
			fmt.Fprintf(&b, "end %s{%s}%s\n", t.Name.Space, plain(tok.(xml.EndElement).Name.Space), t.Name.Local)
		}
	}
}

func startLine(raw, resolved xml.StartElement) string {
	var b, declared, attrs strings.Builder
	fmt.Fprintf(&b, "start %s{%s}%s", raw.Name.Space, plain(resolved.Name.Space), raw.Name.Local)
	for i, a := range raw.Attr {
		switch {
		case a.Name.Space == "xmlns":
			fmt.Fprintf(&declared, " xmlns:%s=%q", a.Name.Local, a.Value)
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			fmt.Fprintf(&declared, " xmlns:=%q", a.Value)
		default:
			fmt.Fprintf(&attrs, " %s{%s}%s=%q", a.Name.Space, plain(resolved.Attr[i].Name.Space), a.Name.Local, a.Value)
		}
	}
	return b.String() + declared.String() + attrs.String() + "\n"
}

// blank makes spaces of all white space in the lines of tags: in values, and in the namespaces that some of them are.
func blank(tokens string) string {
	lines := strings.Split(tokens, "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "text ") {
			lines[i] = strings.NewReplacer(`\\`, `\\`, `\t`, " ", `\n`, " ", `\r`, " ").Replace(l)
		}
	}
	return strings.Join(lines, "\n")
}

// compare fails when encoding/xml refuses what we accept, or finds something else in it.
func compare(t *testing.T, in string) {
	t.Helper()
	got, err := read(in)
	if err != nil {
		return
	}
	want, err := viaEncodingXML(in)
	if err != nil {
		if strings.Contains(err.Error(), "invalid XML name") && strings.ContainsFunc(in, func(r rune) bool { return r > 0x7f }) {
			return // the fifth edition's names
		}
		t.Fatalf("accepted, and encoding/xml says: %v\n%q", err, in)
	}
	if diff := cmp.Diff(blank(want), blank(got)); diff != "" {
		t.Errorf("%q\n(-encoding/xml +ours)\n%s", in, diff)
	}
}

func TestAsEncodingXML(t *testing.T) {
	for _, tt := range accepted {
		t.Run(tt.name, func(t *testing.T) { compare(t, tt.in) })
	}
	entry, err := os.ReadFile(filepath.Join("..", "c14n", "testdata", "entry.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(string(entry)); err != nil {
		t.Fatal(err)
	}
	compare(t, string(entry))
}

// FuzzAsEncodingXML: whatever is accepted, encoding/xml accepts too, and finds the same in it.
func FuzzAsEncodingXML(f *testing.F) {
	for _, tt := range accepted {
		f.Add(tt.in)
	}
	f.Add("<a xmlns='urn:\r\nx'/>")
	for _, tt := range refused {
		if len(tt.in) < 1000 {
			f.Add(tt.in)
		}
	}
	f.Fuzz(compare)
}

func BenchmarkScan(b *testing.B) {
	entry, err := os.ReadFile(filepath.Join("..", "c14n", "testdata", "entry.xml"))
	if err != nil {
		b.Fatal(err)
	}
	page := []byte(`<s:Body xmlns:s="urn:s">` + strings.Repeat(string(entry), (6<<20)/len(entry)) + `</s:Body>`)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := New(page)
		for err == nil {
			_, err = s.Next()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
}
