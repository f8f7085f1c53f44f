package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// mostCounted is the largest number that GitLab's widget shows.
const mostCounted = 999_999

// Counts are how many objects a plan makes, changes and takes out of use or deletes.
type Counts struct {
	Create int `json:"create"`
	Update int `json:"update"`
	Delete int `json:"delete"`
}

// Add gives both together.
func (c Counts) Add(d Counts) Counts {
	return Counts{c.Create + d.Create, c.Update + d.Update, c.Delete + d.Delete}
}

// Terraform writes the counts as GitLab's widget for plans reads them. GitLab keeps one such file of each job.
func Terraform(w io.Writer, c Counts) error {
	c = Counts{min(c.Create, mostCounted), min(c.Update, mostCounted), min(c.Delete, mostCounted)}
	if err := json.NewEncoder(w).Encode(c); err != nil {
		return fmt.Errorf("write the counts of the plan: %w", err)
	}
	return nil
}
