import type { Principal } from "../../types/principal.ts";
import type { Sql } from "../db.ts";

/** Everybody of the directory, by name. */
export async function listPeople(sql: Sql): Promise<readonly Principal[]> {
  return await sql.query<Principal>(
    "select id, name, title, manager, groups, zone, locale from people order by name, id",
  );
}

/** Adds or changes people; nobody is removed. */
export async function savePeople(sql: Sql, people: readonly Principal[]): Promise<void> {
  await sql.query(
    `insert into people (id, name, title, manager, groups, zone, locale)
     select lower(p ->> 'id'), p ->> 'name', p ->> 'title', lower(p ->> 'manager'),
            array(select jsonb_array_elements_text(p -> 'groups')), p ->> 'zone', p ->> 'locale'
     from jsonb_array_elements($1::jsonb) as p
     on conflict (id) do update set name = excluded.name, title = excluded.title, manager = excluded.manager,
       groups = excluded.groups, zone = excluded.zone, locale = excluded.locale`,
    [JSON.stringify(people)],
  );
}
