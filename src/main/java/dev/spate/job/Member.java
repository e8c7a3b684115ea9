package dev.spate.job;

/**
 * One machine's place in a role.
 *
 * @param role the role
 * @param index 0 up to the role's count, exclusive
 */
public record Member(RoleName role, int index) implements Comparable<Member> {

    public Member {
        if (index < 0) {
            throw new IllegalArgumentException("index: expected at least 0, found " + index);
        }
    }

    @Override
    public int compareTo(Member other) {
        int byRole = role.compareTo(other.role);
        return byRole != 0 ? byRole : Integer.compare(index, other.index);
    }

    /** {@code client-2}. */
    @Override
    public String toString() {
        return role + "-" + index;
    }
}
