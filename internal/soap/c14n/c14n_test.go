package c14n

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/soap/xmlscan"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// nasty are inputs in which canonicalizers are known to differ.
var nasty = []string{
	`<a/>`,
	`<?xml version="1.0" encoding="UTF-8"?>` + "\n<a>\n</a>\n",
	`<a xmlns="urn:a"><b xmlns=""><c xmlns="urn:a"/></b><b xmlns="urn:a"/></a>`,
	`<a xmlns=""><b xmlns=""/></a>`,
	`<p:a xmlns:p="urn:p"><b xmlns=""/><b xmlns="urn:q"><p:c xmlns="urn:q"/><c xmlns=""/></b></p:a>`,
	`<p:a xmlns:p="urn:p"><p:b xmlns:p="urn:q"><p:c xmlns:p="urn:p"/></p:b><p:b xmlns:p="urn:p"/></p:a>`,
	`<p:a xmlns:p="urn:1" xmlns:q="urn:1"><q:a><p:a/></q:a></p:a>`,
	`<a xmlns:unused="urn:unused" xmlns:b="urn:b" xmlns:a="urn:a"><b:x/><a:x a:y="1" b:y="2"/><b:x a:z=""/></a>`,
	`<a xmlns:p="urn:z" xmlns:q="urn:a" p:b="1" q:c="2" p:a="3" q:d="4" z="5" B="6" a="7" xml:lang="da"/>`,
	`<a xmlns:z="urn:a" xmlns:y="urn:b" z:same="1" y:same="2"/>`,
	"<a b=\"tab\there\nline\r\ncrlf\rcr\">t\tn\nr\r\nx\ry</a>",
	`<a b="&#9;&#10;&#13;&#x20;&#xD;&#xA;">&#9;&#10;&#13;&#xD;&#xA;</a>`,
	"<a b=\"x\ty&#9;z\"\n\tc='q\"q&apos;'\r\n d='&lt;&gt;&amp;&quot;>'/>",
	`<a>&lt;&gt;&amp;&quot;&apos;"'&#x3e;]]&gt;</a>`,
	`<a><!-- c -->b<!-- d --><c/><!-- e --> f <!----></a>`,
	`<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]>x<![CDATA[]]></a>`,
	"<a><![CDATA[x\r\ny\rz]]></a>",
	`<å:ø xmlns:å="urn:aa" å:æ="ÆØÅ &#xE6; &#x1F600; 😀">é é ` + "\u00a0\u2028\u0085" + `</å:ø>`,
	`<a><b ></b ><c
	d = "e"   /></a >`,
	`<a><b xmlns:p="urn:p"><c><p:d/><p:e><p:f/></p:e></c></b></a>`,
	`<a xmlns:p="urn:p"><b p:x="1"><c p:x="1"><d xmlns:p="urn:q" p:x="1"/></c></b></a>`,
	`<xml:a/>`,
	`<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:space="preserve">  <b>  </b>  </a>`,
	`<a><b/>` + strings.Repeat(" ", 50) + `<b></b></a>`,
	"<a b='&#10;' c='\n'/>",
	`<a b=">" c="'"/>`,
}

// tool finds a program that a test compares with. In CI it must be there.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("skipped: %s is not installed", name)
	}
	return path
}

func TestAsXmllint(t *testing.T) {
	xmllint := tool(t, "xmllint")
	for i, in := range nasty {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			d, err := Parse([]byte(in))
			if err != nil {
				t.Fatalf("%v\n%s", err, in)
			}
			want := viaXmllint(t, xmllint, in)
			// Comments: xmllint keeps those of the document.
			if strings.Contains(in, "<!--") {
				var clean strings.Builder
				for rest := in; ; {
					before, after, found := strings.Cut(rest, "<!--")
					clean.WriteString(before)
					if !found {
						break
					}
					_, rest, _ = strings.Cut(after, "-->")
				}
				want = viaXmllint(t, xmllint, clean.String())
			}
			if diff := cmp.Diff(want, string(Bytes(d.Root, Options{}))); diff != "" {
				t.Errorf("%s\n(-xmllint +ours)\n%s", in, diff)
			}
		})
	}
}

func viaXmllint(t *testing.T, xmllint, in string) string {
	t.Helper()
	cmd := exec.Command(xmllint, "--nonet", "--exc-c14n", "-")
	cmd.Stdin = strings.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("xmllint: %v\n%s\n%s", err, stderr.String(), in)
	}
	return string(out)
}

// TestSubtreesAsXmllint: an element cut out with what it inherits has the canonical form that it has in its place.
func TestSubtreesAsXmllint(t *testing.T) {
	xmllint := tool(t, "xmllint")
	for _, in := range nasty {
		d, err := Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		d.Root.Walk(func(e *Element) {
			if e == d.Root || strings.Contains(in, "<!--") {
				return
			}
			cut := d.Cut(e)
			if diff := cmp.Diff(viaXmllint(t, xmllint, string(cut)), string(Bytes(e, Options{}))); diff != "" {
				t.Errorf("%s\n(-xmllint +ours)\n%s", cut, diff)
			}
		})
	}
}

// TestInclusiveNamespaces states what PrefixList does; package wss holds it against xmlsec1 as well.
func TestInclusiveNamespaces(t *testing.T) {
	tests := []struct {
		name, in  string
		inclusive []string
		want      string
	}{
		{"declared by an ancestor", `<r xmlns:s="urn:s" xmlns:t="urn:t"><x/></r>`, []string{"s"}, `<x xmlns:s="urn:s"></x>`},
		{"used further in", `<r xmlns:s="urn:s"><x><s:y/></x></r>`, []string{"s"}, `<x xmlns:s="urn:s"><s:y></s:y></x>`},
		{"changed further in", `<r xmlns:s="urn:s"><x><y xmlns:s="urn:2"/></x></r>`, []string{"s"}, `<x xmlns:s="urn:s"><y xmlns:s="urn:2"></y></x>`},
		{"not declared", `<r><x/></r>`, []string{"s"}, `<x></x>`},
		{"default", `<r xmlns="urn:d" xmlns:p="urn:p"><p:x><p:y xmlns=""/></p:x></r>`, []string{"#default"}, `<p:x xmlns="urn:d" xmlns:p="urn:p"><p:y xmlns=""></p:y></p:x>`},
		{"no default", `<r xmlns:p="urn:p"><p:x/></r>`, []string{"#default"}, `<p:x xmlns:p="urn:p"></p:x>`},
		{"without a list", `<r xmlns="urn:d" xmlns:s="urn:s" xmlns:p="urn:p"><p:x/></r>`, nil, `<p:x xmlns:p="urn:p"></p:x>`},
		{"twice and xml", `<r xmlns:s="urn:s"><x/></r>`, []string{"s", "s", "xml"}, `<x xmlns:s="urn:s"></x>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Parse([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(Bytes(d.Root.Elements()[0], Options{Inclusive: tt.inclusive}))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "", "no element"},
		{"text before", "x<a/>", "outside the root"},
		{"text behind", "<a/>x", "outside the root"},
		{"two roots", "<a/><b/>", "more than one root"},
		{"not closed", "<a><b></b>", "not closed"},
		{"closed twice", "<a></a></a>", "closes nothing"},
		{"crossed", "<a><b></a></b>", "closes <b>"},
		{"closed by another prefix", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`, "closes <a>"},
		{"undeclared prefix", "<p:a/>", "not declared"},
		{"undeclared prefix of an attribute", `<a p:b=""/>`, "not declared"},
		{"out of scope", `<a><b xmlns:p="u"/><p:c/></a>`, "not declared"},
		{"two colons", `<a:b:c xmlns:a="u"/>`, "no name"},
		{"colon at the end", `<a><b:/></a>`, "no name"},
		{"colon in an attribute", `<a :b="1"/>`, "no name"},
		{"same attribute", `<a b="1" b="2"/>`, "occurs twice"},
		{"same attribute by namespace", `<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>`, "occurs twice"},
		{"declared twice", `<a xmlns:p="u" xmlns:p="u"/>`, "declared twice"},
		{"empty namespace", `<a xmlns:p=""/>`, "names no namespace"},
		{"xml is another", `<a xmlns:xml="urn:x"/>`, "may not name"},
		{"another is xml", `<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>`, "may not name"},
		{"xmlns as prefix", `<a xmlns:xmlns="urn:x"/>`, "may not name"},
		{"element in xmlns", `<xmlns:a/>`, "not declared"},
		{"instruction", `<a><?php x?></a>`, "processing instructions"},
		{"late declaration", ` <?xml version="1.0"?><a/>`, "processing instructions"},
		{"entity", "<a>&x;</a>", "entities"},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "encoding"},
		{"too deep", strings.Repeat("<a>", xmlscan.MaxDepth+1), "inside each other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.in))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := Parse([]byte(`<!DOCTYPE a><a/>`)); !errors.Is(err, xmlscan.ErrDoctype) {
		t.Errorf("document type: got %v", err)
	}
}

func TestByteOrderMark(t *testing.T) {
	d, err := Parse([]byte("\ufeff<?xml version=\"1.0\"?><a>b</a>"))
	if err != nil || d.Root.Text() != "b" {
		t.Errorf("%v, %v", d, err)
	}
}

// TestNamespaceEscaped is apart because xmllint (libxml2 2.9) writes the ampersand as it is, which is not even XML.
func TestNamespaceEscaped(t *testing.T) {
	in := `<n:a xmlns:n="urn:a?b&amp;c"></n:a>`
	d, err := Parse([]byte(in))
	if err != nil || string(Bytes(d.Root, Options{})) != in {
		t.Errorf("%v, %v", d, err)
	}
}

func TestWithout(t *testing.T) {
	d, err := Parse([]byte(`<a> <b>x<c/></b> <d/></a>`))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Bytes(d.Root, Options{Without: d.Root.Only("", "b")})); got != `<a>  <d></d></a>` {
		t.Errorf("got %s", got)
	}
}

// FuzzParse: what is accepted has a canonical form that is canonical itself, and the tree that package xmltree reads.
func FuzzParse(f *testing.F) {
	for _, in := range nasty {
		f.Add(in)
	}
	f.Add(`<a xmlns="http://www.w3.org/2003/05/soap-envelope"><b:c xmlns:b="urn:b" b:d="e">&#xD;</b:c></a>`)
	f.Fuzz(func(t *testing.T, in string) {
		d, err := Parse([]byte(in))
		if err != nil {
			return
		}
		once := Bytes(d.Root, Options{})
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("the canonical form is not XML: %v\n%s", err, once)
		}
		if diff := cmp.Diff(string(once), string(Bytes(again.Root, Options{}))); diff != "" {
			t.Errorf("not stable:\n%s", diff)
		}
		// Attributes of the document are in its own order, which xmltree.Write does not keep.
		if diff := cmp.Diff(string(xmltree.Write(d.Root.Tree(), nil)), string(xmltree.Write(again.Root.Tree(), nil))); diff != "" {
			t.Errorf("another tree:\n%s", diff)
		}
		tree, err := xmltree.Parse([]byte(in))
		if err != nil {
			t.Fatalf("xmltree does not read it: %v\n%s", err, in)
		}
		if diff := cmp.Diff(tree, d.Root.Tree()); diff != "" {
			t.Errorf("xmltree reads another tree:\n%s", diff)
		}
		cut, err := Parse(d.Cut(d.Root))
		if err != nil || !bytes.Equal(once, Bytes(cut.Root, Options{})) {
			t.Errorf("cut out: %v", err)
		}
	})
}

func BenchmarkParse(b *testing.B)        { benchmark(b, func(in []byte) { _, _ = Parse(in) }) }
func BenchmarkParseXMLTree(b *testing.B) { benchmark(b, func(in []byte) { _, _ = xmltree.Parse(in) }) }

func BenchmarkWrite(b *testing.B) {
	benchmark(b, func(in []byte) {
		b.StopTimer()
		d, err := Parse(in)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		Bytes(d.Root, Options{})
	})
}

// benchmark runs f over something like a page of 500 units and users: 6 MB.
func benchmark(b *testing.B, f func([]byte)) {
	in, err := os.ReadFile(filepath.Join("testdata", "entry.xml"))
	if err != nil {
		b.Fatal(err)
	}
	page := []byte(`<s:Body xmlns:s="urn:s">` + strings.Repeat(string(in), (6<<20)/len(in)) + `</s:Body>`)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		f(page)
	}
}
