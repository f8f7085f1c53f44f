package directory_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org/source/directory"
)

// entries reads a file and gives DN and line of each entry.
func entries(r io.Reader) (list []string, err error) {
	err = directory.ReadLDIF(r, []string{"sn", "description"}, func(e directory.Entry) error {
		list = append(list, fmt.Sprintf("%d %s", e.Line, e.DN))
		return nil
	})
	return list, err
}

// TestForms: the forms in which programs write the same.
func TestForms(t *testing.T) {
	const plain = "version: 1\n\n# a comment\n#  with more\n  of it\ndn: CN=Anna,\n  DC=korsbaek\nsn: Jensen\nthumbnailPhoto:: AAA\n A\n\n\ndn:: Q049w4Y=\nchangetype: add\nsn:: SmVu\n c2Vu\n"
	want := []string{"6 CN=Anna, DC=korsbaek", "13 CN=Æ"}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"plain": plain, "CRLF": strings.ReplaceAll(plain, "\n", "\r\n"), "BOM": "\ufeff" + plain, "UTF-16": utf16} {
		got, err := entries(iotest.OneByteReader(strings.NewReader(text)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRefused: what is no entry is refused with its line, and without what stands there.
func TestRefused(t *testing.T) {
	secret := cprtest.Invented(3)
	tests := []struct{ name, text, want string }{
		{"a change", "dn: CN=a\nsn: b\n\ndn: CN=b\nchangetype: modify\nreplace: sn\nsn: " + secret + "\n-\n", "line 5: it is the record of a change"},
		{"no line of LDIF", "dn: CN=a\n" + secret + "\n", "line 2: it is no line of LDIF"},
		{"an address", "dn: CN=a\nsn:< file:///etc/" + secret + "\n", "line 2: the value of sn cannot be read: it stands elsewhere"},
		{"no base64", "dn: CN=a\nsn:: ?" + secret + "\n", "line 2: the value of sn cannot be read: it is no base64"},
		{"no dn", "sn: " + secret + "\n", "line 1: the record does not begin with dn"},
		{"an empty dn", "dn:\nsn: b\n", "line 1: the dn cannot be read"},
		{"another version", "version: 2\ndn: CN=a\n", "line 1: only version 1"},
		{"a line that continues none", "\n dn: CN=a\n", "line 2: it continues no line"},
		{"a value that is too long", "dn: CN=a\nsn: " + strings.Repeat("a", 100_000) + "\n", "line 2: the value of sn cannot be read: it has more than"},
		{"a line that is too long", "dn: CN=a\nx: " + strings.Repeat("a", 17<<20) + "\n", "line 2: it is longer than 16 MB"},
	}
	for _, test := range tests {
		_, err := entries(strings.NewReader(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

// TestBroken: a disk that fails is no end of a file.
func TestBroken(t *testing.T) {
	fault := errors.New("input/output error")
	if _, err := entries(io.MultiReader(strings.NewReader("dn: CN=a\nsn: b\n\n"), iotest.ErrReader(fault))); !errors.Is(err, fault) {
		t.Errorf("%v", err)
	}
}

// FuzzLDIF: any bytes are an extract that passes its check, or an error.
func FuzzLDIF(f *testing.F) {
	f.Add([]byte(town + user(5, "CN=a,OU=Vej,"+base, "a", "sn", "Jensen", "displayName", "Anna (", "employeeNumber", "7", "manager", "CN=a")))
	f.Add([]byte(town + user(5, "CN=0101010000,"+base, "0101010000", "sn", "010101-0000", "telephoneNumber", "99980021", "accountExpires", "-1")))
	f.Add([]byte("version: 1\n\xff\xfe\ndn:: Q049w4Y=\n#\n x\nresult: 0\nref: /\n"))
	f.Add([]byte("\xff\xfed\x00n\x00:\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := options()
		o.CPR, o.Skip = "employeeID", []string{"OU=x," + base}
		x, err := directory.FromLDIF(strings.NewReader(string(data)), o)
		if err != nil {
			return
		}
		if err := x.Check(); err != nil {
			t.Fatal(err)
		}
	})
}
