package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

// demoMorning is six o'clock in Copenhagen, when the nightly run is done.
func demoMorning(day org.Day) (time.Time, error) {
	zone, err := org.Copenhagen()
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.ParseInLocation(time.DateOnly, string(day), zone)
	return t.Add(6 * time.Hour), err
}

// demoClock stands still within a step: what is approved has to come after what was pushed, and the output has to be the
// same each time.
type demoClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *demoClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *demoClock) advance() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(15 * time.Minute)
}

// startStandIns starts the systems on loopback and points the demonstration's environment
// at them.
func (d *demo) startStandIns() (err error) {
	if d.ad, err = adtest.Start(adtest.Options{Now: d.env.now}); err != nil {
		return fmt.Errorf("start the stand-in for Active Directory: %w", err)
	}
	if d.fk, err = fkorgtest.Start(fkorgtest.Options{Clock: d.env.now}); err != nil {
		return fmt.Errorf("start the stand-in for FK Organisation: %w", err)
	}
	d.fk.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: korsbaek.CVR, Organisation: korsbaek.FKOrganisation})
	base := "OU=Organisation," + d.ad.BaseDN()
	if err := d.ad.Put(base, map[string][]string{"objectClass": {"top", "organizationalUnit"}, "ou": {"Organisation"}}); err != nil {
		return fmt.Errorf("prepare the stand-in for Active Directory: %w", err)
	}
	ca, err := d.write("ca.pem", d.ad.CAPEM())
	if err != nil {
		return err
	}
	d.env = d.env.with(map[string]string{
		"ORGIT_AD_URL": d.ad.URL(), "ORGIT_AD_BASE_DN": base, "ORGIT_AD_BIND_DN": d.ad.BindDN(),
		"ORGIT_AD_PASSWORD": d.ad.Password(), "ORGIT_AD_PASSWORD_FILE": "", "ORGIT_AD_CA_FILE": ca,
		"ORGIT_FK_URL": d.fk.URL(), "ORGIT_FK_STS_URL": "",
	})
	return nil
}

// write writes a file of the demonstration's own, and gives its path.
func (d *demo) write(name string, text []byte) (string, error) {
	path := filepath.Join(d.private(), name)
	if err := os.MkdirAll(d.private(), 0o700); err != nil {
		return "", fmt.Errorf("make a folder for the demonstration: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return "", fmt.Errorf("write %s for the demonstration: %w", name, err)
	}
	return path, nil
}

// with is the environment with other values of some variables.
func (e environment) with(values map[string]string) environment {
	outer := e.getenv
	e.getenv = func(name string) string {
		if value, ok := values[name]; ok {
			return value
		}
		return outer(name)
	}
	return e
}
