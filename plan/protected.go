package plan

// Protection is why orgit never makes, changes or removes an object. The words for it are
// package view's.
type Protection string

// The protections.
const (
	ProtectedAdmin   Protection = "adminCount" // the directory keeps it as an administrator's
	ProtectedSystem  Protection = "system"     // the directory itself needs it
	ProtectedName    Protection = "name"       // its login name is one that every directory has for itself
	ProtectedSetting Protection = "setting"    // its login name is among the settings' protected ones
	ProtectedRobot   Protection = "robot"      // its login name is declared in the files as a robot's or a service account's
	ProtectedService Protection = "service"    // programs run as it
	ProtectedSelf    Protection = "self"       // orgit itself logs in as it
)

// holdsProtected takes the operations on protected objects out of the plan, and says so:
// whatever would be done about them, a person has to do it.
func (c *comparison) holdsProtected() {
	c.eachOperation(func(op *Operation) bool {
		reason := c.protection(op.Object)
		if reason == "" {
			return true
		}
		c.plan.Attention = append(c.plan.Attention, Attention{
			Code: AttentionProtected, Target: op.Target, Object: op.Object, Name: op.Name, Detail: string(reason), Hint: op.Ref, Path: op.Entry,
		})
		c.undecided(op.Object)
		return false
	})
}

// protection is why nothing is done about an object; empty when something may be.
func (c *comparison) protection(id ID) Protection {
	if have := c.foundObject(id); have != nil && have.Protected != "" {
		return have.Protected
	}
	if want := c.in.Desired.Object(id); want != nil {
		return want.Protected
	}
	return ""
}

// eachOperation looks at every operation of the target and keeps those for which keep says so.
func (c *comparison) eachOperation(keep func(*Operation) bool) {
	kept := c.plan.Operations[:0]
	for i := range c.plan.Operations {
		op := &c.plan.Operations[i]
		if op.Target != c.in.Desired.Target || keep(op) {
			kept = append(kept, *op)
		}
	}
	c.plan.Operations = kept
}
