package xmlrecord_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"orgit.dk/orgit/internal/xmlrecord"
)

var small = xmlrecord.Limits{Document: 1 << 20, Token: 1 << 10, Elements: 20, Depth: 6}

// read writes the records of a document in a few words.
func read(document string) (string, error) {
	r, err := xmlrecord.Open(strings.NewReader(document), small)
	if err != nil {
		return "", err
	}
	out := fmt.Sprintf("%s(%s)", r.Root().Name, r.Root().Attribute("day"))
	for {
		e, err := r.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out += fmt.Sprintf(" %s:%d[%s|%s|%s]", e.Name, e.Line, e.Attribute("id"), e.Text, e.Value("name"))
	}
}

func TestRead(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"records", "<?xml version=\"1.0\"?>\n<kmd day=\" 1 \">\n <a id='7'><name> Åse </name><name>B</name></a>\n <b>x<!-- y -->z</b>\n</kmd>\n<!-- end -->\n", "kmd(1) a:3[7||Åse] b:4[|xz|]"},
		{"no records", "<kmd/>", "kmd()"},
		{"a namespace", `<e:Envelope xmlns:e="urn:x"><e:Body id="1"/></e:Envelope>`, "Envelope() Body:1[1||]"},
		{"a byte order mark", "\uFEFF<kmd><a>ø</a></kmd>", "kmd() a:1[|ø|]"},
		{"declared UTF-16 and written in UTF-8", `<?xml version="1.0" encoding="utf-16"?><kmd><a>ø</a></kmd>`, "kmd() a:1[|ø|]"},
		{"entities of XML's own", "<kmd><a>&lt;&#229;&amp;</a></kmd>", "kmd() a:1[|<å&|]"},
	}
	for _, test := range tests {
		if got, err := read(test.document); got != test.want || err != nil {
			t.Errorf("%s: got %s (%v), want %s", test.name, got, err, test.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	tests := []struct {
		name, declared string
		in             encoding.Encoding
	}{
		{"Windows-1252", "Windows-1252", charmap.Windows1252},
		{"ISO-8859-1", "iso-8859-1", charmap.ISO8859_1},
		{"UTF-16 with a mark, little end first", "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16 with a mark, big end first", "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"UTF-16 without a mark, little end first", "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"UTF-16 without a mark, big end first", "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	}
	for _, test := range tests {
		document, err := test.in.NewEncoder().String(`<?xml version='1.0' encoding='` + test.declared + `'?><kmd><a>Ærø Åse Müller</a></kmd>`)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := read(document); got != "kmd() a:1[|Ærø Åse Müller|]" || err != nil {
			t.Errorf("%s: got %s (%v)", test.name, got, err)
		}
	}
}

func TestRefused(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"nothing", "", "is empty"},
		{"blanks", " \n ", "is empty"},
		{"cut in the root", "<kmd", "cut off in line 1"},
		{"cut between records", "<kmd>\n<a/>\n", "cut off in line 3"},
		{"cut in a record", "<kmd><a><name>x</name>", "cut off in line 1"},
		{"cut in the end tag", "<kmd><a/></kmd", "cut off in line 1"},
		{"a record after the end", "<kmd/><a/>", "follows the end"},
		{"text after the end", "<kmd/>x", "text between"},
		{"text before the root", "x<kmd/>", "text between"},
		{"text between records", "<kmd><a/>x</kmd>", "text between"},
		{"a document type", "<!DOCTYPE kmd [<!ENTITY a 'b'>]><kmd/>", "document type"},
		{"an entity", "<kmd><a>&a;</a></kmd>", "no well-formed XML"},
		{"tags that do not match", "<kmd><a></b></kmd>", "no well-formed XML"},
		{"bytes that are no UTF-8", "<kmd><a>\xe6</a></kmd>", "no well-formed XML"},
		{"another encoding", `<?xml version="1.0" encoding="EBCDIC"?><kmd/>`, "ebcdic"},
		{"a long text", "<kmd><a>" + strings.Repeat("x", 2000) + "</a></kmd>", "too long"},
		{"a long attribute", "<kmd a='" + strings.Repeat("x", 2000) + "'/>", "too long"},
		{"a long comment", "<kmd><!--" + strings.Repeat("<", 2000) + "--></kmd>", "too long"},
		{"many elements", "<kmd><a>" + strings.Repeat("<b/>", 30) + "</a></kmd>", "<a> is too large"},
		{"a text in many pieces", "<kmd><a>" + strings.Repeat("x<!-- -->", 100) + "</a></kmd>", "<a> is too large"},
		{"deep elements", "<kmd>" + strings.Repeat("<b>", 7) + strings.Repeat("</b>", 7) + "</kmd>", "<b> is too large"},
		{"a large document", "<kmd>" + strings.Repeat("<a b='"+strings.Repeat("x", 900)+"'/>\n", 1200) + "</kmd>", "document is too large"},
	}
	for _, test := range tests {
		if got, err := read(test.document); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %.80s and the error %v, want one with %q", test.name, got, err, test.want)
		}
	}
}

// TestBrokenReader: what a reader reports, such as a broken connection, is the error.
func TestBrokenReader(t *testing.T) {
	broken := errors.New("the connection broke")
	r, err := xmlrecord.Open(io.MultiReader(strings.NewReader("<kmd><a/>"+strings.Repeat(" ", 5000)), &failing{broken}), xmlrecord.Limits{Document: 1 << 20, Token: 1 << 20, Elements: 9, Depth: 9})
	for err == nil {
		_, err = r.Next()
	}
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"<kmd><a id='1'>x</a></kmd>", "<kmd/><a/>", "\xff\xfe<\x00k\x00/\x00>\x00", `<?xml version="1.0" encoding="latin1"?><k>å</k>`, "<!DOCTYPE a><a/>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		read(document) //nolint:errcheck // it must come to an end, that is all
	})
}
