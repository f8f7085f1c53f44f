package gitlab

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	gl "github.com/xanzy/go-gitlab"
)

// Me is the user whose token this is.
func (c *Client) Me(ctx context.Context) (User, error) {
	const did = "ask whose the token is"
	u, resp, err := c.api.Users.CurrentUser(gl.WithContext(ctx))
	if err != nil {
		return User{}, c.explain(did, resp, err)
	}
	return asked(did, u)
}

// Users gives those that have an account, in the order asked for, and the usernames that have none. GitLab does not tell
// upper case from lower in usernames.
func (c *Client) Users(ctx context.Context, usernames ...string) (found []User, missing []string, err error) {
	for _, name := range usernames {
		did := "look for user " + words(name)
		// GitLab leaves out an empty filter and then gives everybody.
		if name == "" {
			return nil, nil, invalid(did, "a username is empty")
		}
		l := list[gl.User]{did: did, id: func(u *gl.User) string { return strconv.Itoa(u.ID) },
			ask: func(page gl.RequestOptionFunc) ([]*gl.User, *gl.Response, error) {
				return c.api.Users.ListUsers(&gl.ListUsersOptions{Username: &name}, gl.WithContext(ctx), page)
			}}
		users, err := l.all(ctx, c)
		if err != nil {
			return nil, nil, err
		}
		before := len(found)
		for _, u := range users {
			if !strings.EqualFold(u.Username, name) {
				return nil, nil, incomplete(did, "the answer is about %s", words(u.Username))
			}
			user, err := asked(did, u)
			if err != nil {
				return nil, nil, err
			}
			found = append(found, user)
		}
		if len(found) == before {
			missing = append(missing, name)
		}
	}
	return found, missing, nil
}

// botName is the form of the usernames of token users; GitLab reserves it.
var botName = regexp.MustCompile(`^(project|group)_[0-9]+_bot(_[0-9a-f]+|[0-9]*)$`)

func asked(did string, u *gl.User) (User, error) {
	if u.ID == 0 || u.Username == "" {
		return User{}, incomplete(did, "the answer has no id or no username")
	}
	return User{ID: u.ID, Username: u.Username, Name: u.Name, Bot: u.Bot || botName.MatchString(u.Username)}, nil
}

// user is somebody whom an answer mentions; the zero User where it mentions nobody.
func user(id int, username, name string) User {
	return User{ID: id, Username: username, Name: name, Bot: botName.MatchString(username)}
}

func basic(u *gl.BasicUser) User {
	if u == nil {
		return User{}
	}
	return user(u.ID, u.Username, u.Name)
}
