// Package ad is the target Active Directory: organisational units and user
// accounts over LDAPS.
package ad
