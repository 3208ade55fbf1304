import { serve } from "../plugin/serve.js";
import { account } from "./account.js";

serve(account(), "3.28.0");
