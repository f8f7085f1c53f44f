package ad

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/jcmturner/gokrb5/v8/credentials"
)

// holder gives the login with the principal whose ticket lies in the cache, where one is
// used: whatever the settings say beside it, that is who logs in.
func (k *Kerberos) holder() (*Kerberos, error) {
	if k == nil || k.CacheFile == "" {
		return k, nil
	}
	data, err := os.ReadFile(k.CacheFile)
	if err != nil {
		return nil, fmt.Errorf("%w: log in with a ticket: %w", ErrNotConfigured, err)
	}
	known := *k
	if known.User, known.Realm, err = clientOf(data); err != nil {
		return nil, fmt.Errorf("%w: log in with a ticket: read the credential cache %s: %w", ErrNotConfigured, k.CacheFile, err)
	}
	return &known, nil
}

// errNoCache says that a file is no credential cache.
var errNoCache = errors.New("it is no credential cache of MIT's form, or a part of one")

// clientOf reads from a credential cache whose tickets are in it.
func clientOf(data []byte) (user, realm string, err error) {
	// The library reads past the end of a file that was cut, as while somebody renews it.
	defer func() {
		if recover() != nil {
			user, realm, err = "", "", errNoCache
		}
	}()
	var cache credentials.CCache
	if err := cache.Unmarshal(slices.Clip(data)); err != nil {
		return "", "", err
	}
	user = cache.GetClientPrincipalName().PrincipalNameString()
	if user == "" {
		return "", "", errNoCache
	}
	return user, cache.GetClientRealm(), nil
}
