/** Which pages there are, and who is shown the way to them. What one may read there, the services decide. */
import type { ComponentType } from "preact";
import type { Person } from "../client/http";
import { Home } from "./home";

export interface PageProps {
  path: string[];
  person: Person;
}

export interface PageEntry {
  title: string;
  /** Whether the navigation shows it to this person. */
  shown: (person: Person) => boolean;
  /** The page, or how to fetch it: only what opens first is in the first script. */
  page?: ComponentType<PageProps>;
  fetch?: () => Promise<ComponentType<PageProps>>;
}

const anyone = () => true;
const notStudents = (person: Person) => person.kind !== "student";
const staff = (person: Person) => person.kind === "staff";
const administrators = (person: Person) => person.administrator;

export const PAGES: Record<string, PageEntry> = {
  home: { title: "Home", shown: anyone, page: Home },
  assessments: { title: "Assessments", shown: notStudents, fetch: () => import("./assessments").then((m) => m.Assessments) },
  tasks: { title: "Tasks", shown: anyone, fetch: () => import("./tasks").then((m) => m.Tasks) },
  loads: { title: "Loads", shown: staff, fetch: () => import("./loads").then((m) => m.Loads) },
  rooms: { title: "Rooms", shown: anyone, fetch: () => import("./rooms").then((m) => m.Rooms) },
  operator: { title: "Operator", shown: administrators, fetch: () => import("./operator").then((m) => m.Operator) },
};
