// Command standins is what the pipeline meets in a trial on this machine: stand-ins for
// Active Directory and FK Organisation, and the one address of GitLab that the pipeline itself
// asks, that of the newest snapshot. It writes into DIR the keys that IT would make, and the
// project's variables for gitlab-ci-local: branch.yml holds those that every job gets, main.yml
// also the protected ones. When all is there it makes the file DIR/ready; an interrupt ends it.
//
//	standins DIR SNAPSHOT
//
// SNAPSHOT is the file that is given out as the newest snapshot, when it is there.
package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org/korsbaek"
)

// jobToken is what the pipeline shows.
const jobToken = "trial-job-token"

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: standins DIR SNAPSHOT")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, dir, snapshot string) (err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	api := &http.Server{Handler: artifacts(snapshot), ReadHeaderTimeout: time.Minute}
	go func() { _ = api.Serve(listener) }() // ends with Close
	defer api.Close()

	ad, err := adtest.Start(adtest.Options{Now: time.Now})
	if err != nil {
		return err
	}
	defer ad.Close()
	fk, err := fkorgtest.Start(fkorgtest.Options{Clock: time.Now, CVR: korsbaek.CVR})
	if err != nil {
		return err
	}
	defer fk.Close()
	fk.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: korsbaek.CVR, Organisation: korsbaek.FKOrganisation})

	everyJob, err := keysOfEveryJob(dir)
	if err != nil {
		return err
	}
	everyJob["CI_JOB_TOKEN"] = jobToken
	everyJob["ORGIT_APPROVAL"] = "branch" // there is no GitLab that could say who approved
	everyJob["CI_API_V4_URL"] = "http://" + listener.Addr().String() + "/api/v4"
	protected, err := systems(dir, ad)
	if err != nil {
		return err
	}
	fkVariables, err := fk.WriteFiles(dir, "orgit")
	if err != nil {
		return err
	}
	maps.Copy(protected, fkVariables)
	protected["ORGIT_SIGNING_KEY_FILE"] = filepath.Join(dir, "signing-key")
	protected["ORGIT_SNAPSHOT_RECIPIENTS_FILE"] = filepath.Join(dir, "snapshot.pub")
	maps.Copy(protected, everyJob)
	if err := errors.Join(variables(dir, "branch.yml", everyJob), variables(dir, "main.yml", protected), write(dir, "ready", nil)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// artifacts is the address of the newest snapshot, for whoever shows the job's token.
func artifacts(snapshot string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v4/projects/1/jobs/artifacts/main/raw/orgit.snapshot", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("JOB-TOKEN") != jobToken || r.URL.Query().Get("job") != "snapshot" {
			http.Error(w, `{"message":"404 Not Found"}`, http.StatusNotFound)
			return
		}
		http.ServeFile(w, r, snapshot)
	})
	return mux
}

// keysOfEveryJob makes the keys, and gives the variables that the jobs of branches get.
func keysOfEveryJob(dir string) (map[string]string, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "orgit")
	if err != nil {
		return nil, err
	}
	signer, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		write(dir, "snapshot.key", []byte(identity.String()+"\n")),
		write(dir, "snapshot.pub", []byte(identity.Recipient().String()+"\n")),
		write(dir, "signing-key", pem.EncodeToMemory(block)),
		write(dir, "allowed-signers", fmt.Appendf(nil, "orgit@korsbaek.example namespaces=\"git\" %s", ssh.MarshalAuthorizedKey(signer))),
	)
	return map[string]string{
		"ORGIT_SNAPSHOT_IDENTITY_FILE": filepath.Join(dir, "snapshot.key"),
		"ORGIT_ALLOWED_SIGNERS_FILE":   filepath.Join(dir, "allowed-signers"),
	}, err
}

// systems gives the variables of the directory.
func systems(dir string, ad *adtest.Server) (map[string]string, error) {
	base := "OU=Organisation," + ad.BaseDN()
	err := errors.Join(
		ad.Put(base, map[string][]string{"objectClass": {"top", "organizationalUnit"}, "ou": {"Organisation"}}),
		write(dir, "ad-ca.pem", ad.CAPEM()),
		write(dir, "ad-password", []byte(ad.Password())),
	)
	return map[string]string{
		"ORGIT_AD_URL": ad.URL(), "ORGIT_AD_BASE_DN": base, "ORGIT_AD_BIND_DN": ad.BindDN(),
		"ORGIT_AD_CA_FILE": filepath.Join(dir, "ad-ca.pem"), "ORGIT_AD_PASSWORD_FILE": filepath.Join(dir, "ad-password"),
	}, err
}

// variables writes a file of variables for gitlab-ci-local.
func variables(dir, name string, values map[string]string) error {
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&text, "%s: %q\n", key, values[key])
	}
	return write(dir, name, []byte(text.String()))
}

func write(dir, name string, text []byte) error {
	return os.WriteFile(filepath.Join(dir, name), text, 0o600)
}
