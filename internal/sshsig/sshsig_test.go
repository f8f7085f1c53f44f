package sshsig

import (
	"crypto/dsa" //lint:ignore SA1019 a key of this kind has to be refused
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

var when = time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)

// tool is the path of ssh-keygen; where it is not installed the test is skipped, but in CI.
func tool(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("ssh-keygen")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ssh-keygen is not installed")
		}
		t.Skip("skipped: ssh-keygen is not installed")
	}
	return path
}

func run(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func signers(t *testing.T, text string) *AllowedSigners {
	t.Helper()
	list, err := ParseAllowedSigners([]byte(text), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// edKey makes a key, and the line that allows it.
func edKey(t *testing.T) (*Key, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(pem.EncodeToMemory(block), nil, Git, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key, "orgit " + string(ssh.MarshalAuthorizedKey(key.signer.PublicKey()))
}

func sign(t *testing.T, key *Key, text string) string {
	t.Helper()
	signature, err := key.Sign([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// TestAgainstSSHKeygen: each of the two verifies what the other signs, for every kind of key that is accepted, and neither takes
// another text or another namespace.
func TestAgainstSSHKeygen(t *testing.T) {
	keygen := tool(t)
	for _, kind := range [][]string{{"ed25519"}, {"ecdsa", "-b", "256"}, {"ecdsa", "-b", "521"}, {"rsa", "-b", "2048"}} {
		t.Run(strings.Join(kind, ""), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "key")
			if out, err := run(t, "", append([]string{keygen, "-q", "-N", "", "-C", "a comment", "-f", file, "-t"}, kind...)...); err != nil {
				t.Fatal(out, err)
			}
			private, public := read(t, file), read(t, file+".pub")
			allowed := write(t, "orgit@korsbaek.example namespaces=\"git\",valid-before=\"20270101Z\" "+public)
			key, err := ParseKey([]byte(private), nil, Git, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			ours := write(t, sign(t, key, "a text"))
			verify := func(text, namespace string) error {
				_, err := run(t, text, keygen, "-Y", "verify", "-f", allowed, "-I", "orgit@korsbaek.example", "-n", namespace, "-s", ours, "-O", "verify-time=20261201")
				return err
			}
			if err := verify("a text", Git); err != nil {
				t.Error("ssh-keygen does not take ours:", err)
			}
			if verify("another text", Git) == nil || verify("a text", "file") == nil {
				t.Error("ssh-keygen takes what is wrong: this test proves nothing")
			}
			text := write(t, "a text")
			if out, err := run(t, "", keygen, "-Y", "sign", "-n", Git, "-f", file, text); err != nil {
				t.Fatal(out, err)
			}
			who, err := signers(t, read(t, allowed)).Verify([]byte("a text"), read(t, text+".sig"), Git, when)
			if err != nil || who != "orgit@korsbaek.example" {
				t.Errorf("of ssh-keygen's: %q, %v", who, err)
			}
		})
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestVerifyRefuses: everything that is not a good signature, in this namespace, by somebody who may at that time.
func TestVerifyRefuses(t *testing.T) {
	key, line := edKey(t)
	other, otherLine := edKey(t)
	good := sign(t, key, "text")
	elsewhere := *key
	elsewhere.namespace = "file"
	kind, public, _ := strings.Cut(strings.TrimPrefix(line, "orgit "), " ")
	allow := func(options string) string { return "orgit " + options + " " + kind + " " + public }
	tests := map[string]struct {
		allowed, text, signature string
		want                     error
	}{
		"good":                {line, "text", good, nil},
		"good, among others":  {otherLine + line, "text", good, nil},
		"another text":        {line, "texT", good, ErrBad},
		"another namespace":   {line, "text", sign(t, &elsewhere, "text"), ErrBad},
		"another signer":      {line, "text", sign(t, other, "text"), ErrUnknownSigner},
		"not for git":         {allow(`namespaces="file"`), "text", good, ErrUnknownSigner},
		"for git and files":   {allow(`namespaces="file,git"`), "text", good, nil},
		"before its time":     {allow(`valid-after="20261202Z"`), "text", good, ErrUnknownSigner},
		"after its time":      {allow(`valid-before="202612010459Z"`), "text", good, ErrUnknownSigner},
		"in its time":         {allow(`valid-after="20261201Z",valid-before="20261201050000Z"`), "text", good, nil},
		"a second line helps": {allow(`valid-before="20200101Z"`) + line, "text", good, nil},
		"no signature":        {line, "text", "", ErrMalformed},
		"a PGP signature":     {line, "text", "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n", ErrMalformed},
		"cut":                 {line, "text", good[:len(good)-60] + "\n" + armourEnd, ErrMalformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := signers(t, tt.allowed).Verify([]byte(tt.text), tt.signature, Git, when)
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestWeakSignatures: keys and algorithms that prove little are refused, also by somebody who is allowed.
func TestWeakSignatures(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	list := signers(t, "orgit "+string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	for algorithm, want := range map[string]error{ssh.KeyAlgoRSA: ErrBad, ssh.KeyAlgoRSASHA256: nil, ssh.KeyAlgoRSASHA512: nil} {
		_, err := list.Verify([]byte("text"), forge(t, signer, algorithm, "sha512"), Git, when)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	if _, err := list.Verify([]byte("text"), forge(t, signer, ssh.KeyAlgoRSASHA512, "sha1"), Git, when); !errors.Is(err, ErrBad) {
		t.Errorf("the hash sha1: %v", err)
	}
	small := &rsa.PublicKey{N: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 1023), big.NewInt(1)), E: 65537}
	weak := []any{small, &dsa.PublicKey{Parameters: dsa.Parameters{P: new(big.Int).Lsh(big.NewInt(1), 1023), Q: big.NewInt(7), G: big.NewInt(2)}, Y: big.NewInt(4)}}
	for _, public := range weak {
		key, err := ssh.NewPublicKey(public)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseAllowedSigners(append([]byte("orgit "), ssh.MarshalAuthorizedKey(key)...), time.UTC); err == nil {
			t.Errorf("%T may sign", public)
		}
	}
}

// forge signs as no program of ours would.
func forge(t *testing.T, signer ssh.Signer, algorithm, hash string) string {
	t.Helper()
	digest := make([]byte, 64)
	c := covered{Magic: [6]byte([]byte(magic)), Namespace: Git, Hash: hash, Digest: digest}
	text := ssh.Marshal(c)
	if hash == "sha512" {
		var err error
		if text, err = coveredText(Git, hash, []byte("text")); err != nil {
			t.Fatal(err)
		}
	}
	made, err := signer.(ssh.AlgorithmSigner).SignWithAlgorithm(rand.Reader, text, algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return armour(ssh.Marshal(blob{
		Magic: [6]byte([]byte(magic)), Version: 1, PublicKey: signer.PublicKey().Marshal(), Namespace: Git, Hash: hash, Signature: ssh.Marshal(made),
	}))
}

// TestParseAllowedSigners: what is not understood is an error, so that no bound is passed over.
func TestParseAllowedSigners(t *testing.T) {
	_, line := edKey(t)
	key := strings.TrimSpace(strings.TrimPrefix(line, "orgit "))
	for text, want := range map[string]string{
		"":                                     "names nobody",
		"# only a comment\n\n":                 "names nobody",
		"orgit":                                "ends after the first",
		key:                                    "no public key",
		"orgit ssh-ed25519 AAAA":               "no public key",
		"orgit cert-authority " + key:          "cert-authority is not supported",
		`orgit namespaces="git*" ` + key:       "patterns are not supported",
		`orgit valid-after="tomorrow" ` + key:  "is no time",
		`orgit valid-after="20261301Z" ` + key: "is no time",
		"orgit no-such-option " + key:          "is not known",
		line + "garbage here":                  "line 2",
	} {
		if _, err := ParseAllowedSigners([]byte(text), time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if list := signers(t, "# of 2026\n\"a b,c\"  "+key+" a comment\n"); list.signers[0].principals != "a b,c" {
		t.Errorf("principals %q", list.signers[0].principals)
	}
}

// TestZone: a time without Z is in the zone that is given.
func TestZone(t *testing.T) {
	key, line := edKey(t)
	text := strings.Replace(line, "orgit ", `orgit valid-after="20261201" `, 1)
	for zone, good := range map[*time.Location]bool{time.UTC: true, time.FixedZone("west", -6*60*60): false} {
		list, err := ParseAllowedSigners([]byte(text), zone)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := list.Verify([]byte("x"), sign(t, key, "x"), Git, when); (err == nil) != good {
			t.Errorf("%s: %v", zone, err)
		}
	}
}

// TestPassphrase: a protected key says so, and opens with its passphrase.
func TestPassphrase(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("hemmelig"))
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(block)
	for passphrase, want := range map[string]error{"hemmelig": nil, "forkert": ErrPassphrase} {
		if _, err := ParseKey(text, []byte(passphrase), Git, rand.Reader); !errors.Is(err, want) {
			t.Errorf("%s: %v", passphrase, err)
		}
	}
	if _, err := ParseKey(text, nil, Git, rand.Reader); !errors.Is(err, ErrPassphrase) {
		t.Errorf("without: %v", err)
	}
	if _, err := ParseKey([]byte("no key"), nil, Git, rand.Reader); err == nil {
		t.Error("no key is one")
	}
}

// FuzzParse: whatever is given, a signature that parses is written and read again the same, and nothing is taken to be by somebody who
// did not sign.
func FuzzParse(f *testing.F) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		f.Fatal(err)
	}
	key := &Key{signer.(ssh.AlgorithmSigner), Git, rand.Reader}
	good, err := key.Sign([]byte("text"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(armourTop + "\n" + armourEnd)
	list, err := ParseAllowedSigners(append([]byte("orgit "), ssh.MarshalAuthorizedKey(signer.PublicKey())...), time.UTC)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := Parse(text); err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrBad) {
			t.Errorf("the error has no class: %v", err)
		}
		if _, err := list.Verify([]byte("another text"), text, Git, when); err == nil {
			t.Error("a text that nobody signed is taken")
		}
	})
}

// FuzzParseAllowedSigners: a file that is taken allows only what stands in it.
func FuzzParseAllowedSigners(f *testing.F) {
	f.Add("orgit namespaces=\"git\",valid-after=\"20260101Z\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHHzeRFRkxgh0wNu9JRkGGl0UBc1fhLFNdh4YlHZ0dk8 x\n")
	f.Add("\"a b\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHHzeRFRkxgh0wNu9JRkGGl0UBc1fhLFNdh4YlHZ0dk8\n# c\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseAllowedSigners([]byte(text), time.UTC)
		if err != nil {
			return
		}
		for _, a := range list.signers {
			if a.principals == "" || len(a.key) == 0 {
				t.Errorf("nobody may sign: %q", fmt.Sprint(a))
			}
		}
	})
}
