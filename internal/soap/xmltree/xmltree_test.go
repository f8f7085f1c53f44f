package xmltree

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap/xmlscan"
)

func TestWriteIsExclusiveCanonicalXML(t *testing.T) {
	prefixes := Prefixes{"urn:a": "a", "urn:b": "b"}
	tests := []struct{ name, in, want string }{
		{"empty element", `<x xmlns="urn:a"/>`, `<a:x xmlns:a="urn:a"></a:x>`},
		{"declared where first used", `<x xmlns="urn:a" xmlns:q="urn:b"><q:y/><q:z><q:w/></q:z></x>`,
			`<a:x xmlns:a="urn:a"><b:y xmlns:b="urn:b"></b:y><b:z xmlns:b="urn:b"><b:w></b:w></b:z></a:x>`},
		{"attributes sorted by namespace and name", `<x xmlns:q="urn:b" q:c="3" b="2" a="1"/>`, `<x xmlns:b="urn:b" a="1" b="2" b:c="3"></x>`},
		{"escapes", "<x a=\"&lt;&quot;&amp;&#9;\">&lt;&gt;&amp;\"&#13;</x>", "<x a=\"&lt;&quot;&amp;&#x9;\">&lt;&gt;&amp;\"&#xD;</x>"},
		{"unknown namespaces are numbered", `<x xmlns="urn:q"><y xmlns="urn:r"/></x>`, `<n1:x xmlns:n1="urn:q"><n2:y xmlns:n2="urn:r"></n2:y></n1:x>`},
		{"comments and indentation go", "<x>\n <!-- c --> <y> t </y>\n</x>", "<x><y> t </y></x>"},
		{"mixed content stays", "<x>før <y/> efter</x>", "<x>før <y></y> efter</x>"},
		{"text split by a comment is one", "<x>a<!-- c -->b</x>", "<x>ab</x>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, err := Parse([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(Write(n, prefixes))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, in string }{
		{"nothing", ""},
		{"text only", "hello"},
		{"two roots", "<a/><b/>"},
		{"not closed", "<a>"},
		{"unknown entity", "<a>&x;</a>"},
		{"undeclared prefix", "<a><p:b/></a>"},
		{"undeclared prefix of an attribute", `<a p:b=""/>`},
		{"too deep", strings.Repeat("<a>", xmlscan.MaxDepth+1) + strings.Repeat("</a>", xmlscan.MaxDepth+1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if n, err := Parse([]byte(tt.in)); err == nil {
				t.Errorf("parsed as %v", n)
			}
		})
	}
	_, err := Parse([]byte(`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`))
	if !errors.Is(err, xmlscan.ErrDoctype) {
		t.Errorf("document type: got %v", err)
	}
}

func TestNavigation(t *testing.T) {
	n := Element("s", "a", Leaf("s", "b", "1"), Leaf("s", "b", " 2 "), Leaf("t", "b", "3"))
	if got := len(n.All("s", "b")); got != 2 {
		t.Errorf("All: %d", got)
	}
	if got := n.Child("t", "b").Content(); got != "3" {
		t.Errorf("Child: %q", got)
	}
	if got := n.Child("x", "y").Child("x", "y").Content(); got != "" {
		t.Errorf("a path that does not exist: %q", got)
	}
	c := n.Clone()
	c.Children[0].Children[0].Text = "changed"
	if n.Child("s", "b").Content() != "1" {
		t.Error("Clone shares children")
	}
	if diff := cmp.Diff(xml.Name{Space: "s", Local: "a"}, c.Name); diff != "" {
		t.Error(diff)
	}
}

func FuzzParseWrite(f *testing.F) {
	f.Add(`<a xmlns="urn:a" b="c">d<e/></a>`)
	f.Add(`<a xml:lang="da"><b xmlns="urn:q"/>&amp;</a>`)
	f.Fuzz(func(t *testing.T, in string) {
		n, err := Parse([]byte(in))
		if err != nil {
			return
		}
		once := Write(n, nil)
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once)
		}
		if diff := cmp.Diff(string(once), string(Write(again, nil))); diff != "" {
			t.Errorf("not stable:\n%s", diff)
		}
	})
}
